"""What one can ask about files: one, or a page of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.documents import access, rules
from services.documents.config import BaseItem, Work
from services.documents.models import Document


def document(work: Work, document_id: UUID) -> dict[str, Any]:
    """One file, with its labels. Raises ``NotFound``."""
    return labelled(work, access.document(work, document_id))


def documents(work: Work, *, limit: int, after: UUID | None, **wanted: str | None) -> dict[str, Any]:
    """A page of the actor's files, newest first."""
    found = access.documents_after(work, after, limit + 1, **wanted)
    page = found[:limit]
    return {"items": [labelled(work, one) for one in page], "next": str(page[-1].id) if len(found) > limit else None}


def library(work: Work) -> list[dict[str, Any]]:
    """The document base of a space, by group (S1:363-385), each item with its current version, if one was published yet."""
    published: dict[str, list[Document]] = {}
    for version in access.versions(work):
        published.setdefault(version.kind, []).append(version)
    everything = work.actor.kind == "caseworker"
    items = [item for item in access.brand(work).base if everything or item.space == work.actor.space]
    groups = dict.fromkeys(item.group for item in items)
    return [
        {"group": group, "items": [_item(item, published.get(item.key, [])) for item in items if item.group == group]} for group in groups
    ]


def _item(item: BaseItem, versions: Sequence[Document]) -> dict[str, Any]:
    current = versions[-1] if versions else None
    return {
        "key": item.key,
        "label": item.label,
        "space": item.space,
        "version": len(versions),
        "size": current.size if current else None,
        "published_at": current.decided_at if current else None,
    }


def labelled(work: Work, of: Document) -> dict[str, Any]:
    """A file as a screen shows it."""
    shown = ("id", "owner", "kind", "name", "media_type", "size", "state", "reason", "received_at")
    labels = {"kind_label": _kind_label(work, of), "state_label": rules.STATES[of.state]}  # type: ignore[index]
    return {name: getattr(of, name) for name in shown} | labels


def _kind_label(work: Work, of: Document) -> str:
    brand = work.brands.get(of.brand)
    return brand.own.label(of.kind) if brand else of.kind
