"""What changed for the employees of a company, how far somebody has read it, and who wants it by e-mail (S1:312)."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.messaging import rules
from services.messaging.models.base import VAULT, Base, SealedJson, one_of


class Employee(Base):
    """An employee as one company knows them, in all that is told of them. ``about`` is ``affiliation:<id>`` or ``rights:<id>``, as the
    lists of the other services name their lines; ``person`` is ``person:<id>`` once they are insured."""

    __tablename__ = "employee"
    about: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None] = mapped_column(index=True)
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class Change(Base):
    """Something that changed for one employee of a company, once. ``place`` follows the order in which changes were committed: the
    service applies facts one batch at a time."""

    __tablename__ = "change"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    place: Mapped[int] = mapped_column(BigInteger, Identity(always=True), unique=True)
    cause: Mapped[str] = mapped_column(unique=True)
    brand: Mapped[str]
    siren: Mapped[str]
    siret: Mapped[str]
    about: Mapped[str]
    kind: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    on: Mapped[date]
    at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(one_of("kind", rules.CHANGES), name="kind_known"),
        Index(None, "siren", "on", "siret", "id"),
        Index(None, "siren", "place"),
        Index(None, "at"),
    )


class Mark(Base):
    """How far an account has seen what changed: what has a greater ``place`` is new to it."""

    __tablename__ = "mark"
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


class Digest(Base):
    """How often an account wants to be written to about what changed. ``through`` is the ``place`` of the last change that it was told."""

    __tablename__ = "digest"
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    brand: Mapped[str]
    frequency: Mapped[str]
    next_at: Mapped[datetime | None]
    through: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    chosen_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint(one_of("frequency", rules.FREQUENCIES), name="frequency_known"),
        CheckConstraint("(frequency = 'never') = (next_at IS NULL)", name="planned_unless_never"),
        Index("ix_digest_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )
