"""Insured people, where they are reached: what they change of it themselves."""

from events.fact import opened
from events.identity import ContactChanged
from services.members.access import rights as access
from services.members.config import Work


def reach(work: Work, fact: ContactChanged) -> None:
    """An insured person proved another e-mail or phone in her space (S0:275-281): letters and cards follow it. Others are none of ours."""
    person = access.person_of_reference(work, fact.reference)
    if person is not None:
        person.email, person.phone = fact.email.value, opened(fact.phone) or person.phone
        work.audit("person.contact_changed", fact.reference, what=fact.what)
