"""The facts of payroll feeds, as told, what became of them, and whom a month forgot."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.members.models.base import VAULT, Base, among
from services.members.rules.facts import FactState


class DsnFact(Base):
    """A fact of a payroll feed, as told. Facts are only added: what becomes of one is its outcome.

    ``told`` is the whole fact; the other columns are what it is found by. ``person_key`` fingerprints the NIR (or NTT) that names the
    person, ``former_key`` the one she had before; ``saying`` is equal for facts that repeat each other (``rules.facts.saying``).
    ``contract_reference`` is the contract that covers nobody, for a fact that says so of an establishment.
    """

    __tablename__ = "dsn_fact"
    __table_args__ = (
        Index(None, "siret", "nature", "rank_built_on", "rank_number"),
        Index("ix_dsn_fact_correcting", "siret", postgresql_where=text("type IN ('replaces', 'replaces_without_individual', 'cancels')")),
        Index("ix_dsn_fact_former_key", "former_key", postgresql_where=text("former_key IS NOT NULL")),
        Index("ix_dsn_fact_renewing", "person_key", postgresql_where=text("former_key IS NOT NULL")),
        Index(None, "person_key", "month"),
        Index("ix_dsn_fact_closing", "siret", postgresql_where=text("contract_reference IS NOT NULL")),
        Index("ix_dsn_fact_taken", "siret", "month", postgresql_where=text("name = 'dsn.declaration_taken.v1'")),
        Index("ix_dsn_fact_declarations", "told_at", "id", postgresql_where=text("name = 'dsn.declaration_taken.v1'")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    siret: Mapped[str]
    nature: Mapped[str]
    type: Mapped[str]
    rank_built_on: Mapped[date]
    rank_number: Mapped[int] = mapped_column(BigInteger)
    month: Mapped[date | None]
    fraction: Mapped[str]
    target_built_on: Mapped[date | None]
    target_number: Mapped[int | None] = mapped_column(BigInteger)
    person_key: Mapped[bytes | None]
    former_key: Mapped[bytes | None]
    saying: Mapped[bytes | None]
    contract_reference: Mapped[str | None]
    told: Mapped[str] = mapped_column(VAULT.text())
    told_at: Mapped[datetime]

    @property
    def declaration(self) -> str:
        """The declaration that told it, as payroll software names it: the day it was built, and its number."""
        return f"{self.rank_built_on:%d%m%Y}{self.rank_number}"


class DsnOutcome(Base):
    """What became of a fact: waiting (and why), applied, superseded, or merely noted."""

    __tablename__ = "dsn_outcome"
    __table_args__ = (
        CheckConstraint(among("state", FactState), name="state_known"),
        Index(None, "state", "fact_id"),
    )
    fact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dsn_fact.id"), primary_key=True)
    state: Mapped[str]
    reason: Mapped[str]


class Anomaly(Base):
    """Somebody with open rights whom the declarations of a month, all taken, do not name. It changes no right; it closes by itself."""

    __tablename__ = "anomaly"
    __table_args__ = (
        UniqueConstraint("rights_id", "month"),
        Index("ix_anomaly_open", "siren", "month", "id", postgresql_where=text("closed_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"))
    brand: Mapped[str]
    siren: Mapped[str]
    siret: Mapped[str]
    month: Mapped[date]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
