"""Spaces opened by a form, and the conditions that people accepted, with what proves it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import VAULT, Base


class Opening(Base):
    """Somebody said who they are, under which contract, and chose a password (S2:7): members tells if it is so, a code proves the e-mail.

    ``terms_*`` and ``network`` are the proof that the conditions were accepted with the form.
    """

    __tablename__ = "opening"
    __table_args__ = (Index("ix_opening_asked", "asked_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())
    password_hash: Mapped[str]
    terms_version: Mapped[str]
    terms_digest: Mapped[bytes]
    network: Mapped[str]
    asked_at: Mapped[datetime]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    completed_at: Mapped[datetime | None]

    @property
    def request(self) -> str:
        """How its codes name it."""
        return f"opening:{self.id}"

    @property
    def whose(self) -> str:
        """Whose codes are counted together: those of one e-mail, known or not."""
        return f"{self.brand}:{self.space}:{self.email}"


class TermsAcceptance(Base):
    """The proof that somebody accepted conditions: which version, which words (SHA-256), when, from which network. Only ever added."""

    __tablename__ = "terms_acceptance"
    __table_args__ = (Index("ix_terms_acceptance_account", "account_id", "accepted_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    space: Mapped[str]
    version: Mapped[str]
    digest: Mapped[bytes]
    accepted_at: Mapped[datetime]
    network: Mapped[str]
