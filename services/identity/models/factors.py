"""What people keep beside their password: links to choose another, authenticator applications, recovery codes; and what SMS cost."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import VAULT, Base
from services.identity.rules import codes, pace


class PasswordReset(Base):
    """Somebody forgot a password. A task finds out who it is, after the answer has left; only then is there a token, for 30 minutes."""

    __tablename__ = "password_reset"
    __table_args__ = (
        CheckConstraint("(token_hash IS NULL) = (expires_at IS NULL)", name="token_expires"),
        Index("ix_password_reset_unresolved", "asked_at", postgresql_where=text("resolved_at IS NULL")),
        Index("ix_password_reset_live", "account_id", postgresql_where=text("used_at IS NULL AND killed_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    email: Mapped[str]
    asked_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes | None] = mapped_column(unique=True)
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    killed_at: Mapped[datetime | None]

    def arm(self, account_id: uuid.UUID, now: datetime) -> str:
        """It is that account's: returns the token of its link, told once and kept nowhere."""
        token = codes.token()
        self.account_id, self.resolved_at = account_id, now
        self.token_hash, self.expires_at = codes.digest(token), now + codes.RESET_LIFE
        return token


class TotpEnrolment(Base):
    """An authenticator application that was given its secret and has not proved it yet."""

    __tablename__ = "totp_enrolment"
    __table_args__ = (CheckConstraint(f"tries BETWEEN 0 AND {pace.CODE_TRIES}", name="tries_bounded"),)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    secret: Mapped[str] = mapped_column(VAULT.text())
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    begun_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code kept on paper for the day the telephone is lost: hashed under the vault's key, good once."""

    __tablename__ = "recovery_code"
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"), primary_key=True)
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    @staticmethod
    def fingerprint(account_id: uuid.UUID, typed: str) -> bytes:
        """What is stored of a recovery code: worthless without the vault's key, and for any other account."""
        return VAULT.fingerprint(f"recovery:{account_id}:{codes.canonical(typed)}")


class SmsBudget(Base):
    """How many SMS a brand sent on a day."""

    __tablename__ = "sms_budget"
    brand: Mapped[str] = mapped_column(primary_key=True)
    on: Mapped[date] = mapped_column(primary_key=True)
    sent: Mapped[int]
