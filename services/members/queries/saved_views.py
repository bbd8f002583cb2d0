"""The views somebody keeps, as a list of buttons."""

from typing import Any

from msgspec import json

from services.members.access import saved_views as access
from services.members.config import Work
from services.members.models import SavedView


def views(work: Work) -> dict[str, Any]:
    """The actor's views, the one shown first at their head."""
    return {"items": [view(one) for one in sorted(access.own(work), key=lambda one: (not one.is_default, one.place))]}


def view(row: SavedView) -> dict[str, Any]:
    """One view."""
    told = {"name": row.name, "sort": row.sort, "is_default": row.is_default}
    return told | {"view_id": row.id, "filters": json.decode(row.filters)}
