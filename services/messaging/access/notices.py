"""Notices: whose bell shows which, which one leaves next, what came back, what the demo caught."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from chassis import problems
from chassis.actor import Actor
from services.messaging import rules
from services.messaging.access.people import PLATFORM, contact, place_name
from services.messaging.config import MessagingWork
from services.messaging.models import Attempt, Caught, Contact, Notice, Place

URGENCY = (Notice.expires_at, Notice.next_try_at, Notice.id)
"""What dies first leaves first, so that no code waits behind a payroll's thousand notices."""


def own_notices(actor: Actor) -> Select[Notice]:
    """What the bell of ``actor`` may show: notices written to them, about a company only while they act for it."""
    mine = {actor.reference, f"account:{actor.account_id}"}
    about_mine = or_(Notice.company.is_(None), Notice.company.in_(actor.grants))
    return select(Notice).where(Notice.recipient.in_(mine), Notice.template.in_(rules.BELL), about_mine)


def own_notice(work: MessagingWork, notice_id: uuid.UUID) -> Notice:
    """One notice of the acting person. Raises ``NotFound``, the same for a missing and for a foreign one."""
    found = work.session.scalar(own_notices(work.actor).where(Notice.id == notice_id))
    if found is None:
        raise problems.NotFound
    return found


def undelivered(work: MessagingWork, after: uuid.UUID | None, limit: int) -> Sequence[Any]:
    """Notices that no carrier took, the newest first, each with the reason and its instant; caseworkers alone read them."""
    if not work.actor.holds(PLATFORM):
        return ()
    shown = (Notice.id, Notice.template, Notice.channel, Notice.about, Notice.company, Attempt.reason, Attempt.at)
    refused = select(*shown).join(Attempt, Attempt.notice_id == Notice.id).where(Notice.state == "failed", Attempt.outcome == "refused")
    page = refused.where(Notice.id < after) if after else refused
    return work.session.execute(page.order_by(Notice.id.desc()).limit(limit)).all()


def notices_to(work: MessagingWork, recipient: str) -> Sequence[Notice]:
    """Everything that was ever written to somebody."""
    return work.session.scalars(select(Notice).where(Notice.recipient == recipient).order_by(Notice.id)).all()


def surroundings(work: MessagingWork, notices: Sequence[Notice]) -> list[Contact | Place]:
    """Whom and what ``notices`` speak of. While the caller keeps the list, the session finds each of them without asking again."""
    recipients = {notice.recipient for notice in notices if notice.to is None}
    numbers = {notice.content["siret"] for notice in notices if notice.content and "siret" in notice.content}
    people = work.session.scalars(select(Contact).where(Contact.recipient.in_(recipients))).all()
    places = work.session.scalars(select(Place).where(Place.number.in_(numbers))).all()
    return [*people, *places]


def address(work: MessagingWork, notice: Notice) -> str | None:
    """Where a notice goes: the address the fact gave, else what its recipient's contact says."""
    if notice.to is not None:
        return notice.to
    known = contact(work, notice.recipient)
    if known is None:
        return None
    return known.phone if notice.channel == "sms" else known.email


def values(work: MessagingWork, notice: Notice) -> dict[str, Any]:
    """What the words of a notice may name: its content, the establishment, and its reader's first name when we know them by more than
    the address that a fact gave."""
    content = notice.content or {}
    reader = contact(work, notice.recipient) if notice.to is None else None
    found: dict[str, Any] = {"first_name": reader.first_name if reader else "", "now": work.now, "former_end": None} | content
    if siret := content.get("siret"):
        found["establishment"] = place_name(work, siret) or f"SIRET {siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    return found


def unfinished(work: MessagingWork, account_id: uuid.UUID, siren: str) -> list[Notice]:
    """What has not left yet for an account about a company."""
    states = ("waiting_contact", "pending")
    query = select(Notice).where(Notice.recipient == f"account:{account_id}", Notice.company == siren, Notice.state.in_(states))
    return list(work.session.scalars(query.with_for_update()))


def waiting_for(work: MessagingWork, recipient: str) -> list[Notice]:
    """Notices to somebody we could not reach when they were written."""
    query = select(Notice).where(Notice.recipient == recipient, Notice.state == "waiting_contact")
    return list(work.session.scalars(query.order_by(Notice.id).with_for_update()))


def waited_too_long(work: MessagingWork) -> list[Notice]:
    query = select(Notice).where(Notice.state == "waiting_contact", Notice.expires_at <= work.now)
    return list(work.session.scalars(query.order_by(Notice.id).limit(500).with_for_update()))


def last_told(work: MessagingWork, about: str, recipient: str) -> Notice | None:
    """The last thing written to somebody about one subject."""
    query = select(Notice).where(Notice.about == about, Notice.recipient == recipient)
    return work.session.scalar(query.order_by(Notice.id.desc()).limit(1))


def next_due(work: MessagingWork, most: int) -> list[Notice]:
    """Up to ``most`` notices whose turn has come, the most urgent first, locked."""
    query = select(Notice).where(Notice.state == "pending", Notice.next_try_at <= work.now)
    first = query.order_by(*URGENCY).limit(most)
    return together(work.session.scalars(first.with_for_update(skip_locked=True)).all())


def in_hand(work: MessagingWork) -> list[Notice]:
    """The notices that are being handed over, or that a dead process left so; those whose fate is in doubt first."""
    query = select(Notice).where(Notice.state == "handing_over").order_by(Notice.doubtful.desc(), *URGENCY)
    return list(work.session.scalars(query.with_for_update()))


def together(found: Sequence[Notice]) -> list[Notice]:
    """The first ones that may share a transaction: one whose fate is in doubt goes alone, so that what kills a process harms no other."""
    return list(takewhile(lambda notice: not notice.doubtful, found)) or list(found[:1])


def of_the_channel(work: MessagingWork, channel: str, until: datetime) -> list[Notice]:
    """Notices of one channel that would be tried before ``until``."""
    query = select(Notice).where(Notice.channel == channel, Notice.state == "pending", Notice.next_try_at < until)
    return list(work.session.scalars(query.order_by(Notice.id).with_for_update()))


def anonymous_cause() -> ColumnElement[str]:
    """A cause that names nobody, one for each notice."""
    return func.concat("notice:", Notice.id)


def all_caught() -> Select[Caught]:
    """Everything the demo kept; row security shows it to the platform alone."""
    return select(Caught)
