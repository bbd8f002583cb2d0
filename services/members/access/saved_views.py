"""The views that somebody keeps: only their own."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, delete, select

from chassis.problems import NotFound
from services.members.config import Work
from services.members.models import SavedView


def own(work: Work) -> Sequence[SavedView]:
    """The actor's views, in the order they were first kept."""
    return work.session.scalars(_mine(work)).all()


def own_locked(work: Work) -> Sequence[SavedView]:
    """The same, about to change: of two changes at once, one waits."""
    return work.session.scalars(_mine(work).with_for_update()).all()


def own_view(work: Work, view_id: uuid.UUID) -> SavedView:
    """One of the actor's views. Raises ``NotFound``."""
    found = next((view for view in own_locked(work) if view.id == view_id), None)
    if found is None:
        raise NotFound
    return found


def forget(work: Work, account_id: uuid.UUID) -> None:
    """Delete all that an account kept."""
    work.session.execute(delete(SavedView).where(SavedView.account_id == account_id))


def _mine(work: Work) -> Select[SavedView]:
    return select(SavedView).where(SavedView.account_id == work.actor.account_id).order_by(SavedView.place)
