"""What one can ask: the bell, and the caught messages of the demo."""

import base64
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func

from chassis import problems
from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Caught, Notice

Ring = Callable[[Notice, Any, dict[str, Any]], tuple[str, str]]
"""Title and text of a notice in the bell, from the notice, its brand and its values."""


@dataclass(frozen=True)
class BellEntry:
    """One line of the bell."""

    id: uuid.UUID
    title: str
    text: str
    at: datetime
    read: bool


def bell(work: MessagingWork, ring: Ring, *, limit: int, after: uuid.UUID | None) -> dict[str, Any]:
    """A page of the acting person's notices, newest first, and how many wait to be read."""
    own = access.own_notices(work.actor)
    page = own.where(Notice.id < after) if after else own
    found = list(work.session.scalars(page.order_by(Notice.id.desc()).limit(limit + 1)))
    unread = own.with_only_columns(func.count()).where(Notice.read_at.is_(None))
    return {
        "items": [bell_entry(work, ring, notice) for notice in found[:limit]],
        "next": str(found[limit - 1].id) if len(found) > limit else None,
        "unread": work.session.scalar(unread),
        "changes_unread": access.unseen(work),
    }


def bell_entry(work: MessagingWork, ring: Ring, notice: Notice) -> BellEntry:
    title, text = ring(notice, access.brand(work, notice.brand), access.values(work, notice))
    return BellEntry(notice.id, title, text, notice.created_at, notice.read_at is not None)


def undelivered(work: MessagingWork, *, limit: int, after: uuid.UUID | None) -> dict[str, Any]:
    """A page of what no carrier took, the newest first: about what, by which means, why. Never to which address."""
    found = access.undelivered(work, after, limit + 1)
    lines = [dict(row._mapping) for row in found[:limit]]
    labels = ({"channel_label": rules.CHANNELS[line["channel"]], "reason": _reason(line["reason"])} for line in lines)
    items = [line | more for line, more in zip(lines, labels, strict=True)]
    return {"items": items, "next": str(items[-1]["id"]) if len(found) > limit else None}


def _reason(word: str | None) -> str:
    return rules.REFUSALS.get(word or "", rules.REFUSED)


def caught(work: MessagingWork, *, limit: int, after: uuid.UUID | None) -> dict[str, Any]:
    """A page of what the demo kept instead of sending, newest first."""
    page = access.all_caught().where(Caught.id < after) if after else access.all_caught()
    found = list(work.session.scalars(page.order_by(Caught.id.desc()).limit(limit + 1)))
    return {
        "items": [_caught_entry(message) for message in found[:limit]],
        "next": str(found[limit - 1].id) if len(found) > limit else None,
    }


def caught_letter(work: MessagingWork, message_id: uuid.UUID) -> bytes:
    """The PDF of a caught letter. Raises ``NotFound``."""
    found = work.session.scalar(access.all_caught().where(Caught.id == message_id))
    if found is None or found.pdf is None:
        raise problems.NotFound
    return base64.b64decode(found.pdf)


def _caught_entry(message: Caught) -> dict[str, Any]:
    return {
        **message.content,
        "id": message.id,
        "channel": message.channel,
        "brand": message.brand,
        "at": message.at,
        "has_pdf": message.pdf is not None,
        "pdf": f"/_/caught/{message.id}/attachment.pdf" if message.pdf else None,
    }
