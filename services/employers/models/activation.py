"""Requests to act for a company, and the tries that are counted."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.employers import rules
from services.employers.models.base import VAULT, Base, among
from services.employers.rules import State


class ActivationTry(Base):
    """That somebody tried, and who: a keyed fingerprint of a network or an account, and an instant, all that the door's counter needs."""

    __tablename__ = "activation_try"
    __table_args__ = (Index(None, "network", "tried_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    network: Mapped[bytes]
    tried_at: Mapped[datetime]


class ActivationRequest(Base):
    """Somebody typed a number of a company and its identifier (S1:60, S1:164). The worker resolves it, so that the answer is the same
    for all.

    ``siret`` is the SIRET, or the SIREN where the brand takes one; ``asked_by`` the account that wants one more company in its perimeter,
    if it had one already; ``account_id`` the account that the request served.
    """

    __tablename__ = "activation_request"
    __table_args__ = (
        CheckConstraint(among("state", rules.STATES), name="state_known"),
        CheckConstraint(f"({among('state', rules.HOLDS_PERSON)}) = (email IS NOT NULL)", name="person_erased"),
        Index("ix_activation_request_waiting", "id", postgresql_where=text("state = 'waiting'")),
        Index(None, "siret", "asked_at"),
        Index(None, "asked_by", "asked_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    siret: Mapped[str]
    identifier_fingerprint: Mapped[bytes]
    first_name: Mapped[str | None] = mapped_column(VAULT.text())
    last_name: Mapped[str | None] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    phone: Mapped[str | None] = mapped_column(VAULT.text())
    state: Mapped[str] = mapped_column(default="waiting")
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID | None]
    account_id: Mapped[uuid.UUID | None]

    @property
    def siren(self) -> str:
        return self.siret[:9]

    def become(self, state: State) -> None:
        """Enter ``state``, and forget the person when it has no more use for her."""
        self.state = state
        if state not in rules.HOLDS_PERSON:
            self.first_name = self.last_name = self.email = self.phone = None
