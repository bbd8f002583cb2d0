"""The lists that an employer comes back to: kept under a name, changed, forgotten; one of them is shown first."""

import uuid
from collections.abc import Sequence
from typing import Any

from msgspec import json

from services.members.access import saved_views as access
from services.members.config import Work
from services.members.errors import TooManyViews, ViewExists
from services.members.models import MOST_VIEWS, SavedView


def keep(work: Work, form: dict[str, Any]) -> SavedView:
    """Keep filters and an order under a name. Raises ``ViewExists``, ``TooManyViews``."""
    kept = access.own_locked(work)
    free = sorted(set(range(1, MOST_VIEWS + 1)) - {view.place for view in kept})
    if not free:
        raise TooManyViews
    view = SavedView(account_id=work.actor.account_id, place=free[0], saved_at=work.now, is_default=False)
    _write(work, view, form, kept)
    work.session.add(view)
    work.session.flush()
    return view


def change(work: Work, view_id: uuid.UUID, form: dict[str, Any]) -> SavedView:
    """Give a view another name, other filters, another order. Raises ``NotFound``, ``ViewExists``."""
    view = access.own_view(work, view_id)
    _write(work, view, form, access.own(work))
    work.session.flush()
    return view


def forget(work: Work, view_id: uuid.UUID) -> None:
    """Keep a view no more. Raises ``NotFound``."""
    work.session.delete(access.own_view(work, view_id))


def forget_all(work: Work, account_id: uuid.UUID) -> None:
    """An account was deleted: its views go with it."""
    access.forget(work, account_id)


def _write(work: Work, view: SavedView, form: dict[str, Any], kept: Sequence[SavedView]) -> None:
    others = [other for other in kept if other is not view]
    if any(other.name == form["name"] for other in others):
        raise ViewExists
    if form["is_default"]:
        for other in others:
            other.is_default = False
        work.session.flush()
    view.name, view.sort, view.is_default = form["name"], form["sort"], form["is_default"]
    view.filters = json.encode(form["filters"]).decode()
