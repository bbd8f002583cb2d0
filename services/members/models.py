"""The tables of members. NIR, IBAN and contact data are sealed; a NIR is found again by the fingerprint of its thirteen characters."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, MetaData, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import ids
from chassis.tables import NAMING, TYPES
from chassis.vault import Vault
from identifiers.text import folded
from services.members.lifecycle import Status
from services.members.rules.facts import FactState
from services.members.rules.fold import Decision
from services.members.rules.spells import Spell

VAULT = Vault()
SORTABLE = Text(collation="C")
"""Search columns compare byte by byte, so that a prefix is a range."""


def _among(column: str, values: Any) -> str:
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Company(Base):
    """The name of a company of a brand, as employers told it."""

    __tablename__ = "company"
    brand: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    insurer: Mapped[str]
    emits_dsn: Mapped[bool]


class Establishment(Base):
    """The name of an establishment, as employers told it."""

    __tablename__ = "establishment"
    brand: Mapped[str] = mapped_column(primary_key=True)
    siret: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str]
    name: Mapped[str]


class Contract(Base):
    """A company's collective contract. ``reference`` is the one that the DSN names (15.001); the card block is the contract's."""

    __tablename__ = "contract"
    __table_args__ = (UniqueConstraint("brand", "siren", "reference"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    siren: Mapped[str]
    reference: Mapped[str]
    insurer_code: Mapped[str]
    label: Mapped[str]
    population: Mapped[str]
    starts_on: Mapped[date]
    guarantees: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    amc_number: Mapped[str]
    convention_type: Mapped[str]
    csr: Mapped[str]
    responsible: Mapped[bool]
    opened_at: Mapped[datetime]


class Numbering(Base):
    """The last member number given in a brand."""

    __tablename__ = "numbering"
    brand: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class Person(Base):
    """An insured person. ``member_number`` never changes; ``search_name`` is the folded name that lists are ordered by."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("brand", "member_number"),
        CheckConstraint("length(member_number) <= 15", name="member_number_fits"),
        Index(None, "search_name", "id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    member_number: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    search_name: Mapped[str] = mapped_column(SORTABLE)
    birth_on: Mapped[date]
    nir: Mapped[str] = mapped_column(VAULT.text())
    iban: Mapped[str] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    phone: Mapped[str | None] = mapped_column(VAULT.text())
    landline: Mapped[str | None] = mapped_column(VAULT.text())
    address: Mapped[str | None] = mapped_column(VAULT.text())
    registered_at: Mapped[datetime]


class PersonKey(Base):
    """A NIR a person is or was known by: the fingerprint of its thirteen characters. Within a brand it names one person."""

    __tablename__ = "person_key"
    brand: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"), index=True)


class Rights(Base):
    """Cover of one person under one contract, in one establishment, for one employment.

    ``opened_siret`` is where they were opened, ``siret`` where the employment is now; ``employment_*`` is the payroll's key once known.
    ``ends_on`` is the last covered day, absent while cover is open.
    """

    __tablename__ = "rights"
    __table_args__ = (
        UniqueConstraint("person_id", "contract_reference", "opened_siret", "starts_on"),
        CheckConstraint(_among("status", Status), name="status_known"),
        CheckConstraint("(status = 'active') = (ends_on IS NULL)", name="open_or_ended"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("left(siret, 9) = siren", name="siret_of_siren"),
        Index(None, "siren", "status"),
        Index("ix_rights_portability", "portability_ends_on", postgresql_where=text("status = 'portability'")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("person.id"))
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

    @property
    def spell(self) -> Spell:
        """These rights as the fold sees them."""
        return Spell(self.id, self.opened_siret, self.contract_reference, self.starts_on, self.proved_on, self.lapsed_on)

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
    __table_args__ = (CheckConstraint(_among("kinship", ("spouse", "child", "other")), name="kinship_known"),)
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


class DsnFact(Base):
    """A fact of a payroll feed, as told. Facts are only added: what becomes of one is its outcome.

    ``told`` is the whole fact; the other columns are what it is found by. ``person_key`` fingerprints the NIR (or NTT) that names the
    person, ``former_key`` the one she had before; ``saying`` is equal for facts that repeat each other (``rules.facts.saying``).
    """

    __tablename__ = "dsn_fact"
    __table_args__ = (
        Index(None, "siret", "nature", "rank_built_on", "rank_number"),
        Index("ix_dsn_fact_correcting", "siret", postgresql_where=text("type IN ('replaces', 'replaces_without_individual', 'cancels')")),
        Index("ix_dsn_fact_former_key", "former_key", postgresql_where=text("former_key IS NOT NULL")),
        Index("ix_dsn_fact_renewing", "person_key", postgresql_where=text("former_key IS NOT NULL")),
        Index(None, "person_key"),
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
    told: Mapped[str] = mapped_column(VAULT.text())
    told_at: Mapped[datetime]


class DsnOutcome(Base):
    """What became of a fact: waiting (and why), applied, superseded, or merely noted."""

    __tablename__ = "dsn_outcome"
    __table_args__ = (
        CheckConstraint(_among("state", FactState), name="state_known"),
        Index(None, "state", "fact_id"),
    )
    fact_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("dsn_fact.id"), primary_key=True)
    state: Mapped[str]
    reason: Mapped[str]


def search_name(last_name: str, first_name: str) -> str:
    """The folded name that people are ordered and searched by: ``martin helene``."""
    return folded(f"{last_name} {first_name}")


def person_key(nir: str | None, ntt: str | None = None) -> bytes | None:
    """The fingerprint that names a person: thirteen characters of a NIR, with or without its key, else a temporary number (NTT)."""
    if nir:
        return VAULT.fingerprint(f"nir:{nir[:13]}")
    return VAULT.fingerprint(f"ntt:{ntt}") if ntt else None
