"""Know people: who is reachable where, what places are called, which accounts read for a company."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update

from events.identity import AccountDeleted, ConsentChanged
from services.messaging import access
from services.messaging.actions import forgetting
from services.messaging.config import MessagingWork
from services.messaging.models import Consent, Contact, Digest, Mark, Notice, Place, Reader


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Who somebody is and where they are reached. ``proven``: an account was opened with the address."""

    first_name: str
    last_name: str
    email: str | None
    phone: str | None = None
    proven: bool = False


def know(work: MessagingWork, recipient: str, reach: Reach) -> None:
    """Learn how to reach somebody, and let what waited for them leave."""
    contact = access.contact(work, recipient) or Contact(recipient=recipient, proven=False)
    contact.first_name, contact.last_name = reach.first_name, reach.last_name
    contact.learn(email=reach.email, phone=reach.phone, proven=reach.proven)
    work.session.add(contact)
    if reach.proven:
        forgetting.call_off(work, recipient)
    if contact.email:
        _release(work, access.waiting_for(work, recipient))


def move(work: MessagingWork, recipient: str, email: str, phone: str | None) -> None:
    """Somebody we know is reached elsewhere from now on, where a code proved it."""
    contact = access.contact(work, recipient)
    if contact is not None:
        contact.email, contact.phone, contact.proven = email, phone, True


def forget_account(work: MessagingWork, fact: AccountDeleted) -> None:
    """Drop what only served a deleted account: its consents, its mark and, unless it was an insured person's, where it was reached and
    its bell.

    An insured person stays reachable by what was given at affiliation: the law makes us write when rights end.
    """
    forgetting.plan(work, fact.reference, f"account:{fact.account_id}")
    work.session.execute(delete(Consent).where(Consent.recipient == fact.reference))
    for own in (Mark, Digest):
        work.session.execute(delete(own).where(own.account_id == fact.account_id))
    reached = access.contact(work, fact.reference)
    if reached is not None and fact.kind == "member":
        reached.proven = False
    elif reached is not None:
        work.session.delete(reached)
    if fact.kind != "member":
        work.session.execute(
            update(Notice).where(Notice.recipient == fact.reference, Notice.handed_over_at.is_not(None)).values(content=None)
        )


def note_consent(work: MessagingWork, fact: ConsentChanged, told_at: datetime) -> None:
    """Keep what somebody accepts; a fact older than what we know changes nothing."""
    key = {"recipient": fact.reference, "purpose": fact.purpose, "channel": fact.channel}
    known = work.session.get(Consent, tuple(key.values()))
    if known is None or known.told_at <= told_at:
        work.session.merge(Consent(**key, given=fact.given, told_at=told_at))


def name_place(work: MessagingWork, number: str, name: str, *, emits_dsn: bool | None = None) -> None:
    """Keep the name of a company (SIREN), with whether its rights follow the payroll, or of an establishment (SIRET)."""
    work.session.merge(Place(number=number, name=name, emits_dsn=emits_dsn))


def grant(work: MessagingWork, account_id: uuid.UUID, siren: str, told_at: datetime) -> None:
    """From now on this account reads what concerns the company; it also gets what found nobody there to read it."""
    if not _turn(work, account_id, siren, active=True, told_at=told_at):
        return
    orphans = access.waiting_for(work, f"company:{siren}")
    for notice in orphans:
        notice.recipient = f"account:{account_id}"
    contact = access.contact(work, f"account:{account_id}")
    if contact and contact.email:
        _release(work, orphans)


def revoke(work: MessagingWork, account_id: uuid.UUID, siren: str, told_at: datetime) -> None:
    """What has not left yet for this account about the company never will."""
    if not _turn(work, account_id, siren, active=False, told_at=told_at):
        return
    for notice in access.unfinished(work, account_id, siren):
        notice.state = "expired"


def _turn(work: MessagingWork, account_id: uuid.UUID, siren: str, *, active: bool, told_at: datetime) -> bool:
    """Keep what was said last: a fact older than what we know changes nothing (a restore tells old facts again)."""
    reader = work.session.get(Reader, (account_id, siren))
    if reader is None:
        work.session.add(Reader(account_id=account_id, siren=siren, active=active, told_at=told_at))
        return True
    if told_at < reader.told_at:
        return False
    reader.active, reader.told_at = active, told_at
    return True


def _release(work: MessagingWork, notices: list[Notice]) -> None:
    for notice in notices:
        notice.state, notice.next_try_at, notice.expires_at = "pending", work.now, None
