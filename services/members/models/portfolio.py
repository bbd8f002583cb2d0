"""Companies and establishments as employers name them, and the contracts that cover their people."""

import uuid
from datetime import date, datetime

from sqlalchemy import Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.members.models.base import Base


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
    """A company's collective contract. ``reference`` is the one that the DSN names (15.001); the card block is the contract's.

    ``sirets`` are the establishments it covers, none for all of the company; ``insurer_name``, when absent, is the company's insurer.
    A plan is ``{label, description}``; a contribution is told in words: ``{plan, amount, employer_share, employee_share, starts_on}``.
    """

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
    insurer_name: Mapped[str | None]
    populations: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'::text[]"))
    plans: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    contributions: Mapped[list[dict[str, str]]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    sirets: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default=text("'{}'::text[]"))
