"""What changed for the employees of one's companies, by day, then by establishment (S1:312)."""

import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Change


def changes(work: MessagingWork, *, limit: int, after: uuid.UUID | None, **asked: Any) -> dict[str, Any]:
    """A page of changes, the latest day first, with how many are new since the actor's mark."""
    found = access.changes_after(work, after, limit + 1, asked)
    page = found[:limit]
    return {"items": _by_day(work, page), "next": page[-1].id if len(found) > limit else None, **since(work)}


def since(work: MessagingWork) -> dict[str, Any]:
    """Where the actor's mark stands: what is new, what to mark as seen, when it was last moved."""
    mark, newest = access.mark(work), access.newest_change(work)
    return {"unread": access.unseen(work), "newest": newest.id if newest else None, "seen_at": mark.at if mark else None}


def digest(work: MessagingWork) -> dict[str, Any]:
    """How often the actor is written to; never, until she says so."""
    chosen = access.own_digest(work)
    frequency = chosen.frequency if chosen else "never"
    labels = {"frequency": frequency, "frequency_label": rules.FREQUENCIES[frequency], "next_at": chosen.next_at if chosen else None}
    return labels | {"choices": [{"key": key, "label": label} for key, label in rules.FREQUENCIES.items()]}


def _by_day(work: MessagingWork, page: Sequence[Change]) -> list[dict[str, Any]]:
    """Changes that stand in the order of their days and establishments, each group with its names."""
    places = access.place_names(work, [number for change in page for number in (change.siren, change.siret)])
    names = access.employee_names(work, [(change.about, change.siren) for change in page])
    seen = access.seen_through(work)
    return [
        {
            "on": on,
            "establishments": [
                _establishment(places, siret, [_line(change, names, seen) for change in theirs], theirs[0].siren)
                for siret, theirs in ((siret, list(group)) for siret, group in groupby(day, lambda change: change.siret))
            ],
        }
        for on, day in groupby(page, lambda change: change.on)
    ]


def _establishment(places: dict[str, str], siret: str, lines: list[dict[str, Any]], siren: str) -> dict[str, Any]:
    return {"siren": siren, "siret": siret, "company": places.get(siren), "establishment": places.get(siret), "changes": lines}


def _line(change: Change, names: dict[tuple[str, str], str], seen: int) -> dict[str, Any]:
    return {
        "id": change.id,
        "kind": change.kind,
        "kind_label": rules.CHANGES[change.kind],
        "about": change.about,
        "employee": names.get((change.about, change.siren)),
        "detail": rules.detail(change.content),
        "at": change.at,
        "unread": change.place > seen,
    }
