"""Conversations: who reads which, and which documents they may carry."""

import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, false, or_, select, true

from chassis import problems
from chassis.actor import Actor
from services.messaging.access.people import PLATFORM
from services.messaging.config import MessagingWork
from services.messaging.models import Attachment, Message, Thread

HANDLERS = ("handle", "administer")
"""The caseworkers' roles that answer; ``read`` only looks."""


def visible_threads(actor: Actor) -> Select[Thread]:
    """The conversations an actor reads: her own in this brand's space, about a company only while she acts for it; all for a caseworker."""
    if actor.kind == "caseworker":
        return select(Thread).where(true() if actor.holds(PLATFORM) else false())
    mine = {actor.reference, f"account:{actor.account_id}"}
    about_mine = or_(Thread.company.is_(None), Thread.company.in_(actor.grants))
    return select(Thread).where(Thread.brand == actor.brand, Thread.owner.in_(mine), about_mine)


def thread(work: MessagingWork, thread_id: uuid.UUID, *, to_change: bool = False) -> Thread:
    """One conversation, its row locked ``to_change`` it. Raises ``NotFound``; ``Forbidden`` for a caseworker who may only read."""
    actor = work.actor
    if to_change and actor.kind == "caseworker" and not actor.holds(PLATFORM, *HANDLERS):
        raise problems.Forbidden
    query = visible_threads(actor).where(Thread.id == thread_id)
    found = work.session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise problems.NotFound
    return found


def messages(work: MessagingWork, of: Thread) -> Sequence[Message]:
    """The messages of a conversation, in their order."""
    return work.session.scalars(select(Message).where(Message.thread_id == of.id).order_by(Message.id)).all()


def attachable(work: MessagingWork, documents: Sequence[uuid.UUID], of: Thread) -> set[uuid.UUID]:
    """Those of ``documents`` that a conversation may carry: sent by the actor, or kept for the other side of it, and not refused."""
    theirs = {of.owner, f"company:{of.company}"} | ({work.actor.reference} if work.actor.kind != "caseworker" else set())
    found = select(Attachment.document_id).where(Attachment.document_id.in_(documents), Attachment.owner.in_(theirs), ~Attachment.refused)
    return set(work.session.scalars(found))


def threads_of(work: MessagingWork, owner: str) -> Sequence[Thread]:
    """Every conversation of somebody."""
    return work.session.scalars(select(Thread).where(Thread.owner == owner).order_by(Thread.id)).all()


def messages_of(work: MessagingWork, owner: str) -> Sequence[Message]:
    """Every message of somebody's conversations, the oldest first."""
    theirs = select(Message).join(Thread, Thread.id == Message.thread_id).where(Thread.owner == owner)
    return work.session.scalars(theirs.order_by(Message.id)).all()


def ids_of_threads(*which: ColumnElement[bool]) -> Select[uuid.UUID]:
    """The conversations that answer to conditions."""
    return select(Thread.id).where(*which)
