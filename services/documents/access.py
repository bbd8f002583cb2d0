"""Who may send, see or read which file: the only place where a select is born."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, false, func, select

from chassis.actor import Actor
from chassis.problems import Forbidden, NotFound
from services.documents import errors, rules
from services.documents.config import Channel, DocumentsBrand, Work
from services.documents.models import Copy, Document, LooseObject, Part

PLATFORM = "platform"
KEEPERS = ("handle", "administer")
PUBLISHER = "administer"


def brand(work: Work) -> DocumentsBrand:
    """The documents' table of this work's brand. Raises :class:`NotFound` for a visitor who comes through none."""
    found = work.brands.get(work.brand_key)
    if found is None:
        raise NotFound
    return found.own


def channel(work: Work, kind: str) -> Channel:
    """The channel that takes files of this kind. Raises ``Invalid``."""
    found = brand(work).channel(kind)
    if found is None:
        raise errors.unknown_kind()
    return found


def owner(actor: Actor, asked: str | None) -> str:
    """Whose file this will be: the sender's own, or that of a company she acts for; a caseworker files for anybody.

    Raises :class:`NotFound`, for a foreign owner as for one that does not exist, and :class:`Forbidden` for a caseworker who only reads.
    """
    if actor.kind == "caseworker" and not actor.holds(PLATFORM, *KEEPERS):
        raise Forbidden
    wanted = asked or actor.reference
    may = wanted in owners(actor) or actor.kind == "caseworker"
    if not may or not rules.OWNER.fullmatch(wanted):
        raise NotFound
    return wanted


def owners(actor: Actor) -> list[str]:
    """The owner keys that an actor stands for."""
    companies = [f"company:{siren}" for siren in actor.grants] if actor.kind == "employer" else []
    return [key for key in (actor.reference, *companies) if key]


def visible_documents(actor: Actor) -> Select[Any]:
    """The files in the actor's perimeter: for a caseworker all but people's copies of their data, otherwise those she stands for."""
    everything = select(Document)
    if actor.kind == "caseworker":
        return everything.where(Document.kind != rules.COPY_KIND) if actor.holds(PLATFORM) else everything.where(false())
    return everything.where(Document.owner.in_(owners(actor)))


def document(work: Work, document_id: UUID) -> Document:
    """A file of the actor's perimeter. Raises :class:`NotFound`, whether it is foreign or missing."""
    found: Document | None = work.session.scalar(visible_documents(work.actor).where(Document.id == document_id))
    if found is None:
        raise NotFound
    return found


def documents_after(work: Work, after: UUID | None, limit: int, **wanted: str | None) -> Sequence[Document]:
    """A page of the perimeter, newest first; ``wanted`` filters by column."""
    page = visible_documents(work.actor).order_by(Document.id.desc()).limit(limit)
    for column, value in wanted.items():
        if value is not None:
            page = page.where(getattr(Document, column) == value)
    return work.session.scalars(page.where(Document.id < after) if after else page).all()


def count_kept(work: Work, owner_key: str, kind: str) -> int:
    """How many files of a kind an owner keeps, refused ones aside. Other uploads of the same wait until this work ends."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{owner_key}/{kind}", 0))))
    kept = select(func.count()).where(Document.owner == owner_key, Document.kind == kind, Document.state != "refused")
    return work.session.scalar(kept) or 0


def sent_today(work: Work, owner_key: str) -> int:
    """How many bytes came for an owner in 24 hours, whatever became of them."""
    recent = select(func.sum(Document.size)).where(Document.owner == owner_key, Document.received_at > work.now - timedelta(days=1))
    return work.session.scalar(recent) or 0


def hold(work: Work, key: str) -> bool:
    """Say that a document holds the object from now on; ``False`` when it was swept meanwhile."""
    return work.session.scalar(delete(LooseObject).where(LooseObject.key == key).returning(LooseObject.key)) is not None


def publishing(actor: Actor) -> None:
    """Refuse whoever may not publish for everybody."""
    if not actor.holds(PLATFORM, PUBLISHER):
        raise Forbidden


def versions(work: Work, *, key: str | None = None) -> Sequence[Document]:
    """Every released version of the brand's document base, or of one item, the oldest first."""
    released = select(Document).where(Document.owner == rules.library(work.brand_key), Document.state == "released").order_by(Document.id)
    return work.session.scalars(released.where(Document.kind == key) if key else released).all()


def version(work: Work, key: str, document_id: UUID) -> Document:
    """One version of an item, for caseworkers. Raises :class:`NotFound`."""
    known = versions(work, key=key) if work.actor.holds(PLATFORM) and brand(work).item(key) else ()
    found = next((one for one in known if one.id == document_id), None)
    if found is None:
        raise NotFound
    return found


def current_version(work: Work, key: str) -> Document:
    """The newest released version of an item that this space may read. Raises :class:`NotFound`."""
    space = None if work.actor.kind == "caseworker" else work.actor.space
    item = brand(work).item(key, space)
    released = Document.owner == rules.library(work.brand_key), Document.kind == key, Document.state == "released"
    found: Document | None = work.session.scalar(select(Document).where(*released).order_by(Document.id.desc()).limit(1))
    if item is None or found is None:
        raise NotFound
    return found


# -- what only the platform itself looks at, under the ``system`` actor ---------------------------------------------------------------


def next_to_scan(work: Work) -> Document | None:
    """The file that has waited longest for the antivirus, locked."""
    due = select(Document).where(Document.state == "quarantine", Document.next_scan_at <= work.now)
    return work.session.scalar(due.order_by(Document.next_scan_at).limit(1).with_for_update(skip_locked=True))


def next_loose(work: Work) -> LooseObject | None:
    """An object that nothing has held for an hour, locked."""
    stale = select(LooseObject).where(LooseObject.since < work.now - rules.LOOSE_FOR).order_by(LooseObject.since)
    return work.session.scalar(stale.limit(1).with_for_update(skip_locked=True))


def next_over(work: Work) -> Document | None:
    """A file whose time is over, locked."""
    over = select(Document).where(Document.expires_at <= work.now, Document.key.is_not(None)).order_by(Document.expires_at)
    return work.session.scalar(over.limit(1).with_for_update(skip_locked=True))


def documents_of(work: Work, owner_key: str) -> Sequence[Document]:
    """Every file of an owner, refused ones included."""
    return work.session.scalars(select(Document).where(Document.owner == owner_key).order_by(Document.id)).all()


def copies_of(work: Work, owner_key: str) -> Sequence[Document]:
    """The archives of somebody's data that are still kept."""
    kept = Document.owner == owner_key, Document.kind == rules.COPY_KIND, Document.key.is_not(None)
    return work.session.scalars(select(Document).where(*kept).order_by(Document.id).with_for_update()).all()


def forget_gathering(work: Work, which: ColumnElement[bool]) -> None:
    """Delete copies that are not assembled, with what was told for them."""
    gone = delete(Copy).where(which, Copy.assembled_at.is_(None)).returning(Copy.id)
    work.session.execute(delete(Part).where(Part.copy_id.in_(work.session.scalars(gone).all())))


def forget_parts(work: Work, told_before: datetime) -> None:
    """Delete what was told for copies before an instant."""
    work.session.execute(delete(Part).where(Part.told_at < told_before))


def copy(work: Work, copy_id: UUID) -> Copy | None:
    """A copy that was asked for, locked: two last parts take turns."""
    return work.session.scalar(select(Copy).where(Copy.id == copy_id).with_for_update())


def parts(work: Work, copy_id: UUID) -> Sequence[Part]:
    """What the services told for a copy so far."""
    return work.session.scalars(select(Part).where(Part.copy_id == copy_id).order_by(Part.service)).all()


def next_complete_copy(work: Work) -> Copy | None:
    """The complete copy that has waited longest for its archive, locked."""
    waiting = select(Copy).where(Copy.key.is_not(None), Copy.assembled_at.is_(None)).order_by(Copy.asked_at)
    return work.session.scalar(waiting.limit(1).with_for_update(skip_locked=True))
