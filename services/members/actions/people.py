"""Insured people, where they are reached: what they change of it themselves."""

from events.fact import Sealed, opened, seal
from events.identity import AccountDeleted, ContactChanged
from events.members import PersonRegistered
from services.members.access import rights as access
from services.members.config import Work
from services.members.models import Person


def reach(work: Work, fact: ContactChanged) -> None:
    """An insured person proved another e-mail or phone in her space (S0:275-281): letters and cards follow it. Others are none of ours.

    A phone that somebody else had put there is forgotten with the change that is undone.
    """
    person = access.person_of_reference(work, fact.reference)
    if person is not None:
        kept = None if fact.phone_removed else person.phone
        person.email, person.phone = fact.email.value, opened(fact.phone) or kept
        work.audit("person.contact_changed", fact.reference, what=fact.what)


def move(work: Work, *, landline: str | None, address: str) -> Person:
    """An insured person gives her landline and where letters go (S0:277-281); e-mail and mobile are changed where they open her space.

    Raises ``NotFound``.
    """
    person = access.person(work, access.own_person_id(work.actor))
    if (person.landline, person.address) != (landline, address):
        person.landline, person.address = landline, address
        work.audit("person.contact_changed", f"person:{person.id}", what="address")
    return person


def tell_again(work: Work, fact: AccountDeleted) -> None:
    """An insured person deleted her space (S2:30): while her rights run she may open another, so identity hears of her once more."""
    person = access.person_of_reference(work, fact.reference)
    if person is None or not access.has_running_rights(work, person):
        return
    names = {"first_name": Sealed(person.first_name), "last_name": Sealed(person.last_name)}
    work.for_brand(person.brand).emit(PersonRegistered(person_id=person.id, email=seal(person.email), phone=seal(person.phone), **names))
