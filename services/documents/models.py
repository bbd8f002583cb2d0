"""The tables of documents. A file's name is sealed: people name files after themselves."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from chassis import ids
from chassis.tables import NAMING, TYPES
from chassis.vault import Vault

VAULT = Vault()


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = TYPES


class Document(Base):
    """A file that was sent. ``sha256`` (hexadecimal) and ``size`` (bytes) are those of what the store keeps; ``key`` is where.
    ``published_by`` is the account of who published a version of the document base."""

    __tablename__ = "document"
    __table_args__ = (
        CheckConstraint("state IN ('quarantine', 'released', 'refused')", name="state_known"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refusal_told"),
        CheckConstraint("(state = 'refused') = (key IS NULL)", name="refused_not_kept"),
        CheckConstraint("size > 0", name="size_positive"),
        Index(None, "owner", "kind"),
        Index("ix_document_to_scan", "next_scan_at", postgresql_where=text("state = 'quarantine'")),
        Index("ix_document_to_expire", "expires_at", postgresql_where=text("expires_at IS NOT NULL AND key IS NOT NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    owner: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(VAULT.text())
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    key: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="quarantine")
    reason: Mapped[str | None]
    received_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    next_scan_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    published_by: Mapped[uuid.UUID | None]

    def release(self, now: datetime) -> None:
        """The scan found nothing: who may, reads."""
        self.state, self.decided_at = "released", now

    def refuse(self, reason: str, now: datetime) -> str | None:
        """Nobody will read it. Returns the key of the object that it lets go."""
        let_go, self.key = self.key, None
        self.state, self.reason, self.decided_at = "refused", reason, now
        return let_go


class LooseObject(Base):
    """An object of the store that no document holds: announced before its upload, or let go by a refusal. Swept after an hour."""

    __tablename__ = "loose_object"
    key: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    since: Mapped[datetime] = mapped_column(index=True)


class Copy(Base):
    """A copy of somebody's data that was asked for; ``key`` is where its archive goes, once the parts of all the services are there."""

    __tablename__ = "copy"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    brand: Mapped[str]
    owner: Mapped[str]
    asked_at: Mapped[datetime]
    key: Mapped[str | None]
    assembled_at: Mapped[datetime | None]


class Part(Base):
    """What one service told for a copy, sealed; erased as soon as the archive is made."""

    __tablename__ = "part"
    copy_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[str] = mapped_column(VAULT.text())
    told_at: Mapped[datetime]
