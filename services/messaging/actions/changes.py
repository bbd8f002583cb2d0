"""What changed for the employees of a company: written down once as facts come, and marked as seen (S1:312)."""

import uuid
from typing import Any

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from chassis import ids
from events.affiliation import Abandoned, Finalised, Sent
from events.members import RightsChanged, RightsOpened
from events.messaging import NoticeUndelivered
from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Change, Contact, Employee, Mark

AFFILIATION = "affiliation:"


def note_sent(work: MessagingWork, fact: Sent) -> None:
    """The form is on its way (S1:244)."""
    _remember(work, fact.subject, fact.siren, fact.first_name.value, fact.last_name.value)
    _note(work, fact, f"sent:{fact.affiliation_id}", "affiliation_sent", {"medium": rules.MEDIA[fact.medium]})


def note_finalised(work: MessagingWork, fact: Finalised) -> None:
    """The complete form came back (S1:246), with the name as the employee writes it."""
    _remember(work, fact.subject, fact.siren, fact.first_name.value, fact.last_name.value)
    _note(work, fact, f"finalised:{fact.affiliation_id}", "affiliation_finalised", {"starts_on": fact.starts_on.isoformat()})


def note_abandoned(work: MessagingWork, fact: Abandoned) -> None:
    """The journey was interrupted (S1:247)."""
    _note(work, fact, f"abandoned:{fact.affiliation_id}", "affiliation_abandoned", {})


def note_undelivered(work: MessagingWork, fact: NoticeUndelivered) -> None:
    """A form did not reach its employee: the company that sent it is told, as the one that can give another address."""
    sent = access.sent_change(work, fact.about) if fact.about.startswith(AFFILIATION) else None
    if sent is not None:
        _note(work, sent, f"undelivered:{fact.notice_id}", "affiliation_undelivered", {"reason": rules.UNDELIVERED[fact.channel]})


def note_opened(work: MessagingWork, fact: RightsOpened) -> None:
    """Cover begins."""
    about = _insured(work, fact)
    _note(work, fact, f"opened:{fact.rights_id}", "rights_opened", {"starts_on": fact.starts_on.isoformat()}, about=about)


def note_changed(work: MessagingWork, fact: RightsChanged, cause: uuid.UUID, variant: rules.Variant, content: dict[str, Any]) -> None:
    """Rights took another state: radiation, portability, or cover again (S1:312)."""
    _note(work, fact, str(cause), f"rights_{variant}", content, about=_insured(work, fact))


def rename(work: MessagingWork, person: str, first_name: str, last_name: str) -> None:
    """An insured person's name was corrected: every company that employs them reads the new one."""
    work.session.execute(update(Employee).where(Employee.person == person).values(first_name=first_name, last_name=last_name))


def see(work: MessagingWork, up_to: uuid.UUID) -> None:
    """The actor has seen what came up to one change; a mark never goes back. Raises ``NotFound``."""
    place = access.change(work, up_to).place
    row = insert(Mark).values(account_id=work.actor.account_id, place=place, at=work.now)
    forward = {"place": place, "at": work.now}
    work.session.execute(row.on_conflict_do_update(index_elements=["account_id"], set_=forward, where=Mark.place < place))
    work.session.expire_all()


def forget(work: MessagingWork) -> int:
    """Let go what changed long ago. Returns how much."""
    return access.forget_changes(work, work.now - rules.CHANGES_KEPT)


def _insured(work: MessagingWork, fact: RightsOpened | RightsChanged) -> str:
    """The key under which the company knows an insured employee, whose name is kept once."""
    about, person = f"rights:{fact.rights_id}", f"person:{fact.person_id}"
    known: Contact | None = access.contact(work, person)
    if known is not None:
        _remember(work, about, fact.siren, known.first_name, known.last_name, person)
    return about


def _remember(work: MessagingWork, about: str, siren: str, first_name: str, last_name: str, person: str | None = None) -> None:
    names = {"first_name": first_name, "last_name": last_name, "person": person}
    row = insert(Employee).values(about=about, siren=siren, **names)
    work.session.execute(row.on_conflict_do_update(index_elements=["about", "siren"], set_=names))


def _note(work: MessagingWork, of: Any, cause: str, kind: str, content: dict[str, Any], about: str = "") -> None:
    values = {
        "id": ids.uuid7(),
        "cause": cause,
        "brand": work.brand_key,
        "siren": of.siren,
        "siret": of.siret,
        "about": about or getattr(of, "about", None) or of.subject,
        "kind": kind,
        "content": content,
        "on": work.today,
        "at": work.now,
    }
    work.session.execute(insert(Change).values(values).on_conflict_do_nothing())
