"""Applicants: employees who fill an affiliation form before they have any account, and the links and codes that let them in."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import Base

OPEN, FINALISED, ABANDONED = "open", "finalised", "abandoned"


class Applicant(Base):
    """What identity knows of one affiliation: whose it is, where a code may go, whether it still opens."""

    __tablename__ = "applicant"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'finalised', 'abandoned')", name="state_known"),
        Index("ix_applicant_email", "brand", "email"),
    )
    affiliation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    brand: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    email: Mapped[str | None]
    contact_given_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=OPEN, server_default=OPEN)
    told_at: Mapped[datetime]

    @property
    def reference(self) -> str:
        """How the applicant is named everywhere: by the affiliation alone."""
        return f"affiliation:{self.affiliation_id}"

    @property
    def is_readable(self) -> bool:
        """Whether the journey can still be opened: to fill it, or to read it again once it is finalised."""
        return self.state != ABANDONED


class Link(Base):
    """A single-use link (or a letter's code): what it opens, until when. A newer one kills the older."""

    __tablename__ = "link"
    __table_args__ = (
        Index("ix_link_live", "affiliation_id", postgresql_where=text("used_at IS NULL AND killed_at IS NULL")),
        CheckConstraint("channel IN ('email', 'post')", name="channel_known"),
        UniqueConstraint("affiliation_id", "told_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    affiliation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("applicant.affiliation_id"))
    brand: Mapped[str]
    channel: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    told_at: Mapped[datetime]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    killed_at: Mapped[datetime | None]


class AccessRequest(Base):
    """An applicant asked to come back by e-mail. A task finds out for which affiliation, after the answer has left."""

    __tablename__ = "access_request"
    __table_args__ = (Index("ix_access_request_unresolved", "asked_at", postgresql_where=text("resolved_at IS NULL")),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    email: Mapped[str]
    asked_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    affiliation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("applicant.affiliation_id"))

    @property
    def request(self) -> str:
        """How its codes name it."""
        return f"access:{self.id}"

    @property
    def whose(self) -> str:
        """Whose codes are counted together: those of one e-mail, known or not."""
        return f"{self.brand}:{self.email}"
