"""A notice before it has a row, and how it gets one: once, however often its fact is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis import ids
from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Notice


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A notice before it has a row. Without ``to``, it goes to the address of its recipient's contact."""

    cause: str
    recipient: str
    template: str
    about: str
    content: dict[str, Any]
    channel: rules.Channel = "email"
    space: str = "assure"
    to: str | None = None
    company: str | None = None
    expires_at: datetime | None = None


def write(work: MessagingWork, draft: Draft) -> None:
    """Insert the notice unless it is there already."""
    reachable = draft.to is not None or _is_known(work, draft.recipient)
    patience = None if reachable else work.now + rules.CONTACT_PATIENCE
    values = {
        **vars(draft),
        "id": ids.uuid7(),
        "brand": access.brand(work, work.brand_key).identity.key,
        "trace": work.trace,
        "state": "pending" if reachable else "waiting_contact",
        "created_at": work.now,
        "next_try_at": work.now,
        "expires_at": draft.expires_at or patience,
    }
    work.session.execute(insert(Notice).values(values).on_conflict_do_nothing())


def _is_known(work: MessagingWork, recipient: str) -> bool:
    contact = access.contact(work, recipient)
    return contact is not None and contact.email is not None
