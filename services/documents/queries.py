"""What one can ask about files: one, or a page of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from chassis.problems import NotFound
from identifiers.text import folded
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


def uploads(work: Work) -> list[dict[str, Any]]:
    """What each use of the platform accepts, to be said before somebody chooses a file."""
    shown = ("types", "max_bytes", "max_files", "counted")
    return [
        {"channel": name, "kinds": [{"key": kind, "label": label} for kind, label in channel.kinds.items()]}
        | {attribute: getattr(channel, attribute) for attribute in shown}
        for name, channel in access.brand(work).uploads.items()
    ]


def library(work: Work, words: str) -> list[dict[str, Any]]:
    """The document base of a space, by group (S1:363-385), each item with its current version, if one was published yet; ``words`` are
    looked for in the titles, whatever their accents."""
    published: dict[str, list[Document]] = {}
    for version in access.versions(work):
        published.setdefault(version.kind, []).append(version)
    everything = work.actor.kind == "caseworker"
    mine = [item for item in access.brand(work).base if everything or item.space == work.actor.space]
    items = [item for item in mine if all(word in folded(item.label) for word in folded(words).split())]
    groups = dict.fromkeys(item.group for item in items)
    return [
        {"group": group, "items": [_item(item, published.get(item.key, [])) for item in items if item.group == group]} for group in groups
    ]


def published(work: Work, key: str) -> Document:
    """The current version of an item. Raises ``NotFound``."""
    return access.current_version(work, key)


def versions(work: Work, key: str) -> list[dict[str, Any]]:
    """Every version of an item, the newest first, with its date and who published it. Raises ``NotFound``."""
    if access.brand(work).item(key) is None or not work.actor.holds(access.PLATFORM):
        raise NotFound
    found = access.versions(work, key=key)
    shown = ("id", "name", "size", "sha256", "published_by")
    dated = [
        {"version": number, "published_at": one.decided_at} | {name: getattr(one, name) for name in shown}
        for number, one in enumerate(found, start=1)
    ]
    return dated[::-1]


def _item(item: BaseItem, versions: Sequence[Document]) -> dict[str, Any]:
    current = versions[-1] if versions else None
    return {
        "key": item.key,
        "label": item.label,
        "space": item.space,
        "version": len(versions),
        "size": current.size if current else None,
        "sha256": current.sha256 if current else None,
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
