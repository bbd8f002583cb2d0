"""Companies and their places."""

import hmac
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, validates

from identifiers import text
from services.employers.models.base import VAULT, Base

SORTABLE = Text(collation="C")
"""Search columns compare byte by byte, so that a prefix is a range."""


class Company(Base):
    """A company of the portfolio. Its identifier is printed on its insurer's letters; only its contact activates its space.

    ``shut_at``: two caseworkers shut the space; nothing opens it but two caseworkers.
    """

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("siren ~ '^[0-9]{9}$'", name="siren_read"),
        CheckConstraint("contact_email IS NOT NULL OR contact_address IS NOT NULL", name="contact_known"),
        Index(None, "folded_name", "siren"),
    )
    siren: Mapped[str] = mapped_column(primary_key=True)
    brand: Mapped[str]
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(SORTABLE, server_default="")
    insurer: Mapped[str]
    identifier: Mapped[str] = mapped_column(VAULT.text())
    identifier_fingerprint: Mapped[bytes]
    contact_email: Mapped[str | None] = mapped_column(VAULT.text())
    contact_address: Mapped[str | None] = mapped_column(VAULT.text())
    emits_dsn: Mapped[bool]
    registered_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    shut_at: Mapped[datetime | None]

    @validates("name")
    def _fold(self, _key: str, name: str) -> str:
        """What search compares follows the name."""
        self.folded_name = text.folded(name)
        return name

    def recognises(self, fingerprint: bytes) -> bool:
        """Whether that is the fingerprint of this company's identifier, compared in constant time."""
        return hmac.compare_digest(self.identifier_fingerprint, fingerprint)


class Establishment(Base):
    """A place of a company."""

    __tablename__ = "establishment"
    __table_args__ = (CheckConstraint("siret ~ '^[0-9]{14}$' AND left(siret, 9) = siren", name="siret_of_siren"),)
    siret: Mapped[str] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(ForeignKey("company.siren"), index=True)
    name: Mapped[str]
    registered_at: Mapped[datetime]
