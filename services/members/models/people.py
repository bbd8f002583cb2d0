"""Insured people, the numbers that name them, and what they are found by."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from identifiers.text import folded
from services.members.models.base import SORTABLE, VAULT, Base


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
        UniqueConstraint("id", "search_name"),
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


def search_name(last_name: str, first_name: str) -> str:
    """The folded name that people are ordered and searched by: ``martin helene``."""
    return folded(f"{last_name} {first_name}")


def person_key(nir: str | None, ntt: str | None = None) -> bytes | None:
    """The fingerprint that names a person: thirteen characters of a NIR, with or without its key, else a temporary number (NTT)."""
    if nir:
        return VAULT.fingerprint(f"nir:{nir[:13]}")
    return VAULT.fingerprint(f"ntt:{ntt}") if ntt else None
