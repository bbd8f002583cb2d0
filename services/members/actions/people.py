"""Insured people, where they are reached: what they change of it themselves."""

from events.fact import Sealed, opened, seal
from events.identity import AccountDeleted, ContactChanged
from events.members import PersonRegistered
from services.members.access import rights as access
from services.members.config import Work


def reach(work: Work, fact: ContactChanged) -> None:
    """An insured person proved another e-mail or phone in her space (S0:275-281): letters and cards follow it. Others are none of ours."""
    person = access.person_of_reference(work, fact.reference)
    if person is not None:
        person.email, person.phone = fact.email.value, opened(fact.phone) or person.phone
        work.audit("person.contact_changed", fact.reference, what=fact.what)


def tell_again(work: Work, fact: AccountDeleted) -> None:
    """An insured person deleted her space (S2:30): while her rights run she may open another, so identity hears of her once more."""
    person = access.person_of_reference(work, fact.reference)
    if person is None or not access.has_running_rights(work, person):
        return
    names = {"first_name": Sealed(person.first_name), "last_name": Sealed(person.last_name)}
    work.for_brand(person.brand).emit(PersonRegistered(person_id=person.id, email=seal(person.email), phone=seal(person.phone), **names))
