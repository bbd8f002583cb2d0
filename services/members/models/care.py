"""The care network: communes, professionals, who of them is a brand's partner, agencies. Public data, the same for everybody.

Each row carries the ``edition`` of the file that told it: loading another one replaces what it no longer tells.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Double, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.members.models.base import SORTABLE, Base, among
from services.members.rules.places import Placed, Point

PLACED = ("town", "postcode", "department")
"""How well a position is known: the town's own, or the mean of the towns of its postcode or department."""


class ReferenceFile(Base):
    """The last file loaded of a kind. ``told_on`` is the day that it speaks of; ``shipped`` says that it came with Affilia."""

    __tablename__ = "reference_file"
    kind: Mapped[str] = mapped_column(primary_key=True)
    edition: Mapped[str]
    shipped: Mapped[bool]
    told_on: Mapped[date]
    loaded_at: Mapped[datetime]
    lines: Mapped[int]


class Commune(Base):
    """A commune or a municipal district, at its centre; ``search_name`` is what people type, folded."""

    __tablename__ = "commune"
    __table_args__ = (CheckConstraint(among("placed", PLACED), name="placed_known"), Index(None, "search_name", "insee"))
    insee: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    search_name: Mapped[str] = mapped_column(SORTABLE)
    postcodes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    placed: Mapped[str]
    population: Mapped[int]
    edition: Mapped[str]

    @property
    def position(self) -> Placed:
        """Where its centre is."""
        return Placed(Point(self.lat, self.lon), self.placed)


class CommunePostcode(Base):
    """Which communes share a postcode."""

    __tablename__ = "commune_postcode"
    postcode: Mapped[str] = mapped_column(primary_key=True)
    insee: Mapped[str] = mapped_column(primary_key=True)


class Professional(Base):
    """Somebody, or a place, that gives care: one row a place where they practise. ``number`` is the RPPS or FINESS number; one that begins
    with 9 is invented, for demonstrations. ``kind`` is the register it comes from."""

    __tablename__ = "professional"
    __table_args__ = (
        CheckConstraint(among("kind", ("rpps", "finess")), name="kind_known"),
        CheckConstraint(among("placed", PLACED), name="placed_known"),
        Index(None, "specialty", "lat", "lon"),
        Index(None, "kind", "edition"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    number: Mapped[str]
    name: Mapped[str]
    specialty: Mapped[str]
    organisation: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    phone: Mapped[str]
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    placed: Mapped[str]
    edition: Mapped[str]


class Partner(Base):
    """What a brand's insurer says of a professional, by his number, and the day it was last checked."""

    __tablename__ = "partner"
    brand: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    third_party_payment: Mapped[bool] = mapped_column(Boolean)
    network: Mapped[bool] = mapped_column(Boolean)
    checked_on: Mapped[date]
    edition: Mapped[str]


class Agency(Base):
    """An agency of a brand; ``hours`` are told as ``rules.opening`` reads them."""

    __tablename__ = "agency"
    __table_args__ = (Index(None, "brand", "lat", "lon"),)
    brand: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    town: Mapped[str]
    phone: Mapped[str]
    hours: Mapped[str]
    lat: Mapped[float] = mapped_column(Double)
    lon: Mapped[float] = mapped_column(Double)
    placed: Mapped[str]
    edition: Mapped[str]
