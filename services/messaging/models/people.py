"""Whom messaging knows: contacts and what they accept, places and their names, who reads for a company."""

import uuid
from datetime import date, datetime

from sqlalchemy import Index, false
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.models.base import VAULT, Base


class Contact(Base):
    """Where somebody is reached. ``recipient`` is ``person:<id>`` or ``account:<id>``; ``proven``: an account was opened with it."""

    __tablename__ = "contact"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())
    email: Mapped[str | None] = mapped_column(VAULT.text())
    phone: Mapped[str | None] = mapped_column(VAULT.text())
    proven: Mapped[bool] = mapped_column(server_default=false())

    def learn(self, *, email: str | None, phone: str | None, proven: bool) -> None:
        """Take newer addresses. Nothing known is forgotten, and an address that opens an account gives way only to another such."""
        keeps = self.proven and not proven
        self.email = (self.email or email) if keeps else (email or self.email)
        self.phone = (self.phone or phone) if keeps else (phone or self.phone)
        self.proven = self.proven or proven


class Consent(Base):
    """Whether somebody accepts to be written to about a purpose by a channel; the newest word counts. No row: no."""

    __tablename__ = "consent"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    given: Mapped[bool]
    told_at: Mapped[datetime]


class Forgetting(Base):
    """An account was deleted: what it was told and what it wrote until ``deleted_at`` goes on ``due_on`` (S2:30)."""

    __tablename__ = "forgetting"
    recipient: Mapped[str] = mapped_column(primary_key=True)
    deleted_at: Mapped[datetime]
    due_on: Mapped[date]
    __table_args__ = (Index(None, "due_on"),)


class Place(Base):
    """The name of a company (SIREN) or of an establishment (SIRET), as people write it; ``emits_dsn`` is said of a company."""

    __tablename__ = "place"
    number: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    emits_dsn: Mapped[bool | None]


class Reader(Base):
    """An account that may act for a company, and is told what happens there. ``told_at`` dates the last thing said about it."""

    __tablename__ = "reader"
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(primary_key=True)
    active: Mapped[bool]
    told_at: Mapped[datetime]
    __table_args__ = (Index(None, "siren"),)
