"""Sessions, the refresh tokens of mobile ones, and trusted devices: only the SHA-256 of their 256-bit tokens is kept."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import Base
from services.identity.rules import codes, mobile, spaces


class Session(Base):
    """One sign-in, of an account or of an applicant.

    ``refresh_until`` makes it a mobile application's, which stays signed in: the token, and ``expires_at`` with it, then turn at each
    refresh. ``browser`` is how people call what they signed in with.
    """

    __tablename__ = "session"
    __table_args__ = (
        CheckConstraint("(account_id IS NULL) <> (affiliation_id IS NULL)", name="of_somebody"),
        CheckConstraint("(kind = 'applicant') = (affiliation_id IS NOT NULL)", name="kind_of_somebody"),
        Index("ix_session_account", "account_id", postgresql_where=text("ended_at IS NULL")),
        Index("ix_session_affiliation", "affiliation_id", postgresql_where=text("ended_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    kind: Mapped[str]
    brand: Mapped[str]
    space: Mapped[str]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    affiliation_id: Mapped[uuid.UUID | None]
    strong: Mapped[bool]
    network: Mapped[str]
    browser: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    refresh_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    def is_alive(self, now: datetime) -> bool:
        """Whether the token of this session still opens anything."""
        ended = self.ended_at is not None
        return spaces.alive(self.kind, last_seen_at=self.last_seen_at, expires_at=self.expires_at, ended=ended, now=now)

    def is_open(self, now: datetime) -> bool:
        """Whether whoever signed in is still in: a mobile application is, between two of its tokens."""
        return self.is_alive(now) if self.refresh_until is None else self.ended_at is None and now < self.refresh_until

    def turn(self, network: str, now: datetime) -> str:
        """A new token for a mobile application; the older one is worth nothing from now on."""
        token = codes.token()
        self.token_hash, self.network, self.last_seen_at = codes.digest(token), network, now
        self.expires_at, self.refresh_until = now + mobile.ACCESS_LIFE, now + mobile.SILENCE
        return token


class RefreshToken(Base):
    """What a mobile application shows once to get its next pair of tokens. One that comes twice was copied."""

    __tablename__ = "refresh_token"
    __table_args__ = (Index("ix_refresh_token_session", "session_id"),)
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"))
    account_id: Mapped[uuid.UUID]
    brand: Mapped[str]
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Base):
    """A browser where a second factor was given and trust asked for. Its token changes at each use."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_account", "account_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    network: Mapped[str]
    browser: Mapped[str] = mapped_column(default="", server_default="")
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    def rotate(self, network: str, browser: str, now: datetime) -> str:
        """Seen again, from ``network``: the older token is worth nothing from now on. Returns the new one."""
        token = codes.token()
        self.token_hash, self.network, self.browser, self.last_seen_at = codes.digest(token), network, browser, now
        return token
