"""The lists that employers come back to."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.members.models.base import VAULT, Base

MOST_VIEWS = 20


class SavedView(Base):
    """Filters and an order under a name, for one account: at most ``MOST_VIEWS``, each at a place of its own, one of them the first shown.

    ``filters`` is JSON, sealed: a filter may hold the beginning of somebody's name.
    """

    __tablename__ = "saved_view"
    __table_args__ = (
        UniqueConstraint("account_id", "place"),
        UniqueConstraint("account_id", "name"),
        CheckConstraint(f"place BETWEEN 1 AND {MOST_VIEWS}", name="place_free"),
        Index("uq_saved_view_default", "account_id", unique=True, postgresql_where=text("is_default")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    account_id: Mapped[uuid.UUID]
    place: Mapped[int]
    name: Mapped[str]
    filters: Mapped[str] = mapped_column(VAULT.text())
    sort: Mapped[str]
    is_default: Mapped[bool]
    saved_at: Mapped[datetime]
