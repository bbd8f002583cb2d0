"""What people change of their own account, what they agree to, and the copies of their data that they ask for."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import Base
from services.identity.rules import codes, contacts


class ContactChange(Base):
    """A new e-mail or phone that waits for the code sent there; once confirmed, what the one who was there before may object to."""

    __tablename__ = "contact_change"
    __table_args__ = (
        CheckConstraint("what IN ('email', 'phone')", name="what_known"),
        Index("ix_contact_change_account", "account_id"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    space: Mapped[str]
    what: Mapped[str]
    value: Mapped[str]
    former: Mapped[str | None]
    asked_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    objection_hash: Mapped[bytes | None] = mapped_column(unique=True)
    objection_until: Mapped[datetime | None]

    @property
    def request(self) -> str:
        """How its code names it."""
        return f"contact:{self.id}"

    def confirm(self, now: datetime) -> str:
        """The code was right: from now on it is done, and may be objected to with the token returned."""
        token = codes.token()
        self.confirmed_at, self.objection_hash, self.objection_until = now, codes.digest(token), now + contacts.OBJECTION
        return token


class Consent(Base):
    """One answer to « may we write to you about this, by that channel? ». Lines are only added: the newest counts."""

    __tablename__ = "consent"
    __table_args__ = (Index("ix_consent_account", "account_id", "id"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    purpose: Mapped[str]
    channel: Mapped[str]
    given: Mapped[bool]
    at: Mapped[datetime]


class AccountExport(Base):
    """A copy of one's data that was asked for; ``document_id`` is the archive once every service gave its part."""

    __tablename__ = "account_export"
    __table_args__ = (Index("ix_account_export_account", "account_id", "asked_at"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    document_id: Mapped[uuid.UUID | None]
    expires_at: Mapped[datetime | None]
