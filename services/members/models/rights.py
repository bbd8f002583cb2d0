"""Rights, whom they cover too, and their history."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, FetchedValue, ForeignKey, ForeignKeyConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.members.lifecycle import Halt, Status
from services.members.models.base import SORTABLE, VAULT, Base, among
from services.members.rules.direct import DirectEnd
from services.members.rules.fold import Decision
from services.members.rules.spells import Spell

ENDS = "coalesce(ends_on, 'infinity'::date)"
"""SQL: the last covered day, after all days while cover is open."""


class Rights(Base):
    """Cover of one person under one contract, in one establishment, for one employment.

    ``opened_siret`` is where they were opened, ``siret`` where the employment is now; ``employment_*`` is the payroll's key once known.
    ``ends_on`` is the last covered day, absent while cover is open. ``search_name`` is the person's, repeated so that one index orders and
    searches a company's list: the foreign key follows her name, and the database fills in what a row does not tell. ``direct_*`` is
    the last word of the table ``radiation``. Of a portability, ``proved_on`` is the day of the first proof, ``confirmed_on`` of the latest,
    ``proof_due_on`` when the next one is due and ``reminded_on`` when it was asked for; ``halted_on`` is the last day of one that stopped
    before its term, ``halt`` why, and ``entitlement`` how its length was found.
    """

    __tablename__ = "rights"
    __table_args__ = (
        UniqueConstraint("person_id", "contract_reference", "opened_siret", "starts_on"),
        ForeignKeyConstraint(["person_id", "search_name"], ["person.id", "person.search_name"], onupdate="CASCADE"),
        CheckConstraint(among("status", Status), name="status_known"),
        CheckConstraint("(status = 'active') = (ends_on IS NULL)", name="open_or_ended"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("left(siret, 9) = siren", name="siret_of_siren"),
        CheckConstraint("(direct_source IS NULL) = (direct_on IS NULL)", name="direct_word_whole"),
        CheckConstraint("(direct_end_on IS NULL) = (direct_motive IS NULL)", name="direct_end_whole"),
        CheckConstraint("direct_end_on IS NULL OR direct_source IS NOT NULL", name="direct_end_told"),
        Index(None, "siren", "status"),
        Index(None, "siren", "search_name", "id"),
        Index(None, "siren", "siret", "search_name", "id"),
        Index(None, "siren", "starts_on", "id"),
        Index("ix_rights_end", "siren", text(ENDS), "id"),
        CheckConstraint(among("halt", Halt), name="halt_known"),
        CheckConstraint("(halted_on IS NULL) = (halt IS NULL)", name="halted_with_why"),
        Index(None, "siret", "contract_reference"),
        Index("ix_rights_portability", "portability_ends_on", postgresql_where=text("status = 'portability'")),
        Index("ix_rights_proof_due", "proof_due_on", postgresql_where=text("status = 'portability'")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    person_id: Mapped[uuid.UUID]
    search_name: Mapped[str] = mapped_column(SORTABLE, server_default=FetchedValue())
    affiliation_id: Mapped[uuid.UUID] = mapped_column(unique=True)
    siren: Mapped[str]
    siret: Mapped[str]
    opened_siret: Mapped[str]
    contract_reference: Mapped[str]
    professional_status: Mapped[str]
    spouse_covered: Mapped[bool]
    starts_on: Mapped[date]
    status: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    ends_on: Mapped[date | None]
    motive: Mapped[str | None]
    portability_months: Mapped[int | None]
    portability_ends_on: Mapped[date | None]
    employment_number: Mapped[str | None]
    employment_starts_on: Mapped[date | None]
    proved_on: Mapped[date | None]
    lapsed_on: Mapped[date | None]
    direct_end_on: Mapped[date | None]
    direct_motive: Mapped[str | None]
    direct_source: Mapped[str | None]
    direct_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    proof_due_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    halted_on: Mapped[date | None]
    halt: Mapped[str | None]
    entitlement: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def spell(self) -> Spell:
        """These rights as the fold sees them."""
        return Spell(
            rights_id=self.id,
            siret=self.opened_siret,
            contract_reference=self.contract_reference,
            starts_on=self.starts_on,
            proved_on=self.proved_on,
            lapsed_on=self.lapsed_on,
            direct_end=self.direct_end,
            halted_on=self.halted_on,
            halt=Halt(self.halt) if self.halt else None,
        )

    @property
    def direct_end(self) -> DirectEnd | None:
        """The last word said directly of the end of the employment."""
        if self.direct_source is None or self.direct_on is None:
            return None
        return DirectEnd(self.direct_source, self.direct_on, self.direct_end_on, self.direct_motive)  # type: ignore[arg-type]

    @property
    def decision(self) -> Decision:
        """Where these rights stand."""
        return Decision(
            status=Status(self.status),
            reason=self.reason,
            source=self.source,  # type: ignore[arg-type]  # written from a Decision
            ends_on=self.ends_on,
            motive=self.motive,
            portability_months=self.portability_months,
            portability_ends_on=self.portability_ends_on,
        )

    def covers(self, day: date) -> bool:
        """Whether care on ``day`` is covered, the last day included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Dependent(Base):
    """An ayant droit covered by somebody's rights; ``rank`` orders the lines of the card."""

    __tablename__ = "dependent"
    __table_args__ = (CheckConstraint(among("kinship", ("spouse", "child", "other")), name="kinship_known"),)
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kinship: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    birth_on: Mapped[date]
    nir: Mapped[str | None] = mapped_column(VAULT.text())


class Movement(Base):
    """One line of the history of rights: what they became, when, and why. Lines are only added."""

    __tablename__ = "movement"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    rights_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("rights.id"), index=True)
    at: Mapped[datetime]
    move: Mapped[str]
    status: Mapped[str]
    reason: Mapped[str]
    source: Mapped[str]
    ends_on: Mapped[date | None]
    motive: Mapped[str | None]
    portability_months: Mapped[int | None]
    portability_ends_on: Mapped[date | None]
