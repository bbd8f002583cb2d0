"""What changed for employees: which companies an actor reads of, how far she has seen, who is to be told."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, exists, false, func, select, tuple_

from chassis import problems
from chassis.actor import Actor
from services.messaging.config import MessagingWork
from services.messaging.models import Change, Digest, Employee, Mark, Reader, Thread


def visible_changes(actor: Actor) -> Select[Change]:
    """What changed, in her brand, at the companies that the actor acts for now: a right that is lost shows nothing of before."""
    theirs = and_(Change.brand == actor.brand, Change.siren.in_(actor.grants)) if actor.kind == "employer" else false()
    return select(Change).where(theirs)


def change(work: MessagingWork, change_id: uuid.UUID) -> Change:
    """One change of the actor's companies. Raises ``NotFound``, the same for a missing and for a foreign one."""
    found = work.session.scalar(visible_changes(work.actor).where(Change.id == change_id))
    if found is None:
        raise problems.NotFound
    return found


def changes_after(work: MessagingWork, after: uuid.UUID | None, limit: int, asked: Mapping[str, Any]) -> Sequence[Change]:
    """A page of changes, the latest day first, each establishment's together; ``asked`` holds siren, siret, kind and unread."""
    order = (Change.on, Change.siret, Change.id)
    page = visible_changes(work.actor).order_by(*(column.desc() for column in order)).limit(limit)
    for name in ("siren", "siret", "kind"):
        if asked[name] is not None:
            page = page.where(getattr(Change, name) == asked[name])
    if asked["unread"]:
        page = page.where(Change.place > seen_through(work))
    last = select(*order).where(Change.id == after).scalar_subquery()
    return work.session.scalars(page.where(tuple_(*order) < last) if after else page).all()


def newest_change(work: MessagingWork) -> Change | None:
    """The last change that came, whatever its day: what one marks as seen."""
    return work.session.scalar(visible_changes(work.actor).order_by(Change.place.desc()).limit(1))


def unseen(work: MessagingWork) -> int:
    """How many changes came since the actor's mark."""
    new = visible_changes(work.actor).with_only_columns(func.count()).where(Change.place > seen_through(work))
    return work.session.scalar(new) or 0


def mark(work: MessagingWork) -> Mark | None:
    """How far the actor has read."""
    return work.session.get(Mark, work.actor.account_id)


def seen_through(work: MessagingWork) -> int:
    """The place of the last change that the actor has seen, 0 before the first."""
    found = mark(work)
    return found.place if found else 0


def own_digest(work: MessagingWork) -> Digest | None:
    """How often the actor wants to be written to, once she has said so."""
    return work.session.get(Digest, work.actor.account_id)


def sent_change(work: MessagingWork, about: str) -> Change | None:
    """When the form of an affiliation was sent, and by which establishment."""
    return work.session.scalar(select(Change).where(Change.cause == f"sent:{about.partition(':')[2]}"))


def due_digests(work: MessagingWork, most: int) -> Sequence[Digest]:
    """Digests whose hour has come, locked."""
    due = select(Digest).where(Digest.next_at <= work.now).order_by(Digest.next_at, Digest.account_id).limit(most)
    return work.session.scalars(due.with_for_update(skip_locked=True)).all()


def untold(work: MessagingWork, digest: Digest) -> Sequence[tuple[str, int, int]]:
    """What changed since the last digest and was not seen either, at the companies that the account acts for today: kind, how many, the
    greatest place."""
    seen = work.session.get(Mark, digest.account_id)
    through = max(digest.through, seen.place if seen else 0)
    theirs = select(Reader.siren).where(Reader.account_id == digest.account_id, Reader.active)
    new = select(Change.kind, func.count(), func.max(Change.place)).where(Change.brand == digest.brand)
    new = new.where(Change.siren.in_(theirs), Change.place > through)
    return [(kind, number, place) for kind, number, place in work.session.execute(new.group_by(Change.kind))]


def forget_changes(work: MessagingWork, before: datetime) -> int:
    """Delete changes that came before an instant, and names that nothing speaks of any more. Returns how many changes went."""
    gone = work.session.scalars(delete(Change).where(Change.at < before).returning(Change.id)).all()
    told = exists().where(Change.about == Employee.about, Change.siren == Employee.siren)
    written = exists().where(Thread.employee == Employee.about, Thread.company == Employee.siren)
    work.session.execute(delete(Employee).where(~told, ~written))
    return len(gone)
