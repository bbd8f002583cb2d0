"""Sessions and trusted devices: only the SHA-256 of their 256-bit tokens is kept."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import Base
from services.identity.rules import codes, spaces


class Session(Base):
    """One sign-in, of an account or of an applicant."""

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
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def is_alive(self, now: datetime) -> bool:
        """Whether this session still opens anything."""
        ended = self.ended_at is not None
        return spaces.alive(self.kind, last_seen_at=self.last_seen_at, expires_at=self.expires_at, ended=ended, now=now)


class Device(Base):
    """A browser where a second factor was given and trust asked for. Its token changes at each use."""

    __tablename__ = "device"
    __table_args__ = (Index("ix_device_account", "account_id"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    network: Mapped[str]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]

    def rotate(self, network: str, now: datetime) -> str:
        """Seen again, from ``network``: the older token is worth nothing from now on. Returns the new one."""
        token = codes.token()
        self.token_hash, self.network, self.last_seen_at = codes.digest(token), network, now
        return token
