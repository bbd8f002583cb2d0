"""Whom messaging knows: how they are reached, what they accept, places and employees by name, who reads for a company."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import exists, select, tuple_

from chassis.config import Brand
from services.messaging import rules
from services.messaging.config import MessagingBrand, MessagingWork
from services.messaging.models import Consent, Contact, Digest, Employee, Forgetting, Place, Reader

PLATFORM = "platform"


def employee_of(work: MessagingWork, siren: str, employee_id: uuid.UUID) -> Employee | None:
    """The employee of a company that a line of the follow-up, or of the employees' list, is about."""
    about = (f"affiliation:{employee_id}", f"rights:{employee_id}")
    return work.session.scalar(select(Employee).where(Employee.about.in_(about), Employee.siren == siren))


def payrolls(work: MessagingWork, companies: Iterable[str]) -> set[bool]:
    """Whether rights follow the payroll (DSN) at each of these companies: until somebody says otherwise, they do."""
    found = work.session.scalars(select(Place.emits_dsn).where(Place.number.in_(set(companies))).distinct())
    return {emits is not False for emits in found}


def employee_names(work: MessagingWork, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Employees by name, as each company (SIREN) knows them; ``keys`` are what is said to be about them, and the company."""
    found = work.session.scalars(select(Employee).where(tuple_(Employee.about, Employee.siren).in_(set(keys))))
    return {(one.about, one.siren): one.full_name for one in found}


def place_names(work: MessagingWork, numbers: Iterable[str]) -> dict[str, str]:
    """The names of companies and establishments, of those that somebody told."""
    return {place.number: place.name for place in work.session.scalars(select(Place).where(Place.number.in_(set(numbers))))}


def brand(work: MessagingWork, key: str) -> Brand[MessagingBrand]:
    """The brand that speaks: the one named, else the default one (a payroll fact names none, and brands come and go)."""
    default = next((brand for brand in work.brands.values() if brand.identity.default), next(iter(work.brands.values())))
    return work.brands.get(key, default)


def contact(work: MessagingWork, recipient: str) -> Contact | None:
    return work.session.get(Contact, recipient)


def consents_of(work: MessagingWork, recipient: str) -> Sequence[Consent]:
    """What somebody accepts to be written to about."""
    return work.session.scalars(select(Consent).where(Consent.recipient == recipient).order_by(Consent.purpose, Consent.channel)).all()


def accepts(work: MessagingWork, recipient: str, template: str, channel: str) -> bool:
    """Whether a notice may go to somebody by that channel: what needs no consent always may."""
    if template == rules.DIGEST:
        return wants_digest(work, recipient)
    purpose = rules.PURPOSES.get(template)
    if purpose is None:
        return True
    answer = work.session.get(Consent, (recipient, purpose, channel))
    return answer is not None and answer.given


def wants_digest(work: MessagingWork, recipient: str) -> bool:
    """Whether somebody still asks for a digest, and still acts for a company: a suspended right is written to no more."""
    account_id = uuid.UUID(recipient.removeprefix("account:"))
    asked = exists().where(Digest.account_id == account_id, Digest.next_at.is_not(None))
    acts = exists().where(Reader.account_id == account_id, Reader.active)
    return bool(work.session.scalar(select(asked & acts)))


def digests_of(work: MessagingWork, account_id: uuid.UUID) -> Sequence[Digest]:
    """How often an account wants the digest, if it has said so."""
    return work.session.scalars(select(Digest).where(Digest.account_id == account_id)).all()


def place_name(work: MessagingWork, number: str) -> str | None:
    """The name of a company or of an establishment, once somebody told it."""
    place = work.session.get(Place, number)
    return place.name if place else None


def employee(work: MessagingWork, person_id: uuid.UUID) -> str | None:
    """An employee as the company knows them, no more than needed: ``Dominique E.``"""
    known = contact(work, f"person:{person_id}")
    return f"{known.first_name} {known.last_name[:1]}." if known else None


def readers(work: MessagingWork, siren: str) -> list[uuid.UUID]:
    """The accounts that act for a company today."""
    query = select(Reader.account_id).where(Reader.siren == siren, Reader.active).order_by(Reader.account_id)
    return list(work.session.scalars(query))


def next_to_forget(work: MessagingWork) -> Forgetting | None:
    """A deleted account whose day has come; what another worker holds is skipped."""
    due = select(Forgetting).where(Forgetting.due_on <= work.today).order_by(Forgetting.due_on, Forgetting.recipient).limit(1)
    return work.session.scalar(due.with_for_update(skip_locked=True))
