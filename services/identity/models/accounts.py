"""Accounts, and who may act for which company as employers told it."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models import hashing
from services.identity.models.base import VAULT, Base
from services.identity.rules import codes, second_factor


class Account(Base):
    """Somebody who signs in with an e-mail and a password in one space of one brand. Without ``activated_at`` nothing opens yet."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("brand", "space", "email"),
        CheckConstraint("kind IN ('member', 'employer', 'caseworker')", name="kind_known"),
        CheckConstraint("(activated_at IS NULL) = (password_hash IS NULL)", name="activated_with_password"),
        CheckConstraint("role IS NULL OR role IN ('read', 'handle', 'administer')", name="role_known"),
        CheckConstraint("(kind = 'caseworker') = (role IS NOT NULL)", name="caseworker_has_role"),
        CheckConstraint("kind <> 'caseworker' OR totp_secret IS NOT NULL", name="caseworker_strong"),
        Index("ix_account_member", "brand", "reference", unique=True, postgresql_where=text("kind = 'member'")),
        Index("ix_account_deleted", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    kind: Mapped[str]
    reference: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    first_name: Mapped[str]
    last_name: Mapped[str]
    password_hash: Mapped[str | None]
    activated_at: Mapped[datetime | None]
    terms_version: Mapped[str | None]
    hold_until: Mapped[datetime | None]
    role: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(VAULT.text())
    totp_step: Mapped[int] = mapped_column(default=0, server_default="0")
    told_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    disarmed_at: Mapped[datetime | None]
    """Since when a caseworker waits for the link that gives her access back: what she had before opens nothing."""

    @property
    def subject(self) -> str:
        return f"account:{self.id}"

    @property
    def chooses_by_link(self) -> bool:
        """Whether a link sent to the e-mail lets its owner choose another password."""
        return self.activated_at is not None and self.disarmed_at is None

    def matches(self, password: str) -> bool:
        """Whether this is the password (NFC) of the account; a right one is hashed again when the parameters moved on."""
        right = hashing.matches(self.password_hash, password)
        if right and self.password_hash and hashing.is_outdated(self.password_hash):
            self.password_hash = hashing.hashed(password)
        return right

    def choose(self, password: str, now: datetime) -> None:
        """Take a password that the rules accepted."""
        self.keep(hashing.hashed(password), now)

    def keep(self, password_hash: str, now: datetime) -> None:
        """Take a password that was accepted and hashed before."""
        self.password_hash = password_hash
        self.activated_at = self.activated_at or now

    def enrol(self, phone: str, now: datetime) -> datetime:
        """Keep a phone proved by a code after the e-mail was. Returns until when sensitive acts wait, as one mailbox opened both ways."""
        self.phone = phone
        return self.hold(now)

    def hold(self, now: datetime) -> datetime:
        """Let sensitive acts wait, as a way into the account has just changed. Returns until when."""
        self.hold_until = now + second_factor.HOLD
        return self.hold_until

    def lock_password(self) -> None:
        """Whoever knew the password opens nothing with it any more: a forgotten one is chosen again by e-mail."""
        self.password_hash = hashing.hashed(codes.token())

    def disarm(self, now: datetime) -> None:
        """A caseworker lost what she came in with: neither that password nor that application opens anything any more."""
        self.lock_password()
        self.totp_secret, self.disarmed_at = codes.totp_secret(), now

    def arm(self, password: str, totp_secret: str, totp_step: int, now: datetime) -> None:
        """A caseworker has a password that the rules accepted and an application whose code of ``totp_step`` was given."""
        self.choose(password, now)
        self.totp_secret, self.totp_step, self.disarmed_at = totp_secret, totp_step, None

    def forget(self, now: datetime) -> None:
        """Nobody's account any more: what named somebody goes at once, and the e-mail may open another; the row goes right after."""
        self.email = self.phone = self.password_hash = self.activated_at = self.totp_secret = None
        self.first_name = self.last_name = ""
        self.reference, self.deleted_at = f"erased:{self.id}", now

    def reach(self, what: str, value: str | None) -> str | None:
        """Take another e-mail or phone (``what``). Returns the former one."""
        former = self.email if what == "email" else self.phone
        setattr(self, what, value)
        return former


class Habilitation(Base):
    """A projection of employers' habilitations. The newest word wins, a revocation over a grant of the same instant; it may come first."""

    __tablename__ = "habilitation"
    account_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    siren: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    sees_nir: Mapped[bool] = mapped_column(default=False, server_default=false())
    revoked: Mapped[bool]
    told_at: Mapped[datetime]


def matches_nobody(password: str) -> bool:
    """Spend on an unknown login the time that a known one takes."""
    return hashing.matches(None, password)
