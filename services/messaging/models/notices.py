"""What is told to people: notices, what became of them, and what the demo caught."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, false, func, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis import ids
from services.messaging import rules
from services.messaging.models.base import VAULT, Base, SealedJson, one_of

STATES = ("waiting_contact", "pending", "handing_over", "handed_over", "expired", "failed")
OUTCOMES = ("began", "interrupted", "handed_over", "unreachable", "refused", "expired")


class Notice(Base):
    """Something to tell one person by one channel: pending → handing_over → handed_over, or expired, or failed.

    ``cause`` names what made it, so that a fact told twice makes one notice; ``to`` is an address that the fact gave, else the contact's;
    ``company`` is the SIREN a notice to an employer speaks of. Codes and links leave ``content`` once handed over.
    """

    __tablename__ = "notice"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    cause: Mapped[str]
    recipient: Mapped[str]
    channel: Mapped[str]
    brand: Mapped[str]
    about: Mapped[str]
    company: Mapped[str | None]
    template: Mapped[str]
    space: Mapped[str]
    content: Mapped[dict[str, Any] | None] = mapped_column(SealedJson())
    to: Mapped[str | None] = mapped_column(VAULT.text())
    trace: Mapped[str]
    state: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    doubtful: Mapped[bool] = mapped_column(server_default=false())
    handed_over_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("cause", "recipient", "channel"),
        CheckConstraint(one_of("channel", ("email", "sms", "post")), name="channel_known"),
        CheckConstraint(one_of("state", STATES), name="state_known"),
        CheckConstraint("(state = 'handed_over') = (handed_over_at IS NOT NULL)", name="handed_over_dated"),
        Index("ix_notice_due", "expires_at", "next_try_at", "id", postgresql_where=text("state = 'pending'")),
        Index("ix_notice_in_hand", "id", postgresql_where=text("state = 'handing_over'")),
        Index("ix_notice_failed", "id", postgresql_where=text("state = 'failed'")),
        Index("ix_notice_waiting", "recipient", postgresql_where=text("state = 'waiting_contact'")),
        Index("ix_notice_recipient", "recipient", "id"),
        Index("ix_notice_about", "about", "recipient", "id"),
    )

    @property
    def rings(self) -> bool:
        """Whether it shows in the bell of the portals."""
        return self.template in rules.BELL

    def forget_secrets(self) -> None:
        """A code or a link is kept no longer than its delivery takes."""
        if not self.rings:
            self.content = None


class Attempt(Base):
    """One step of a delivery, never changed afterwards. ``reference`` is the carrier's; ``reason`` a short word."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    notice_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("notice.id"))
    at: Mapped[datetime]
    outcome: Mapped[str]
    reason: Mapped[str | None]
    reference: Mapped[str | None]
    __table_args__ = (CheckConstraint(one_of("outcome", OUTCOMES), name="outcome_known"), Index(None, "notice_id", "id"))


class Caught(Base):
    """A message that the demo kept instead of sending: ``content`` holds to, subject, text, html, link and code; ``pdf`` is in base64."""

    __tablename__ = "caught"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    brand: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    content: Mapped[dict[str, Any]] = mapped_column(SealedJson())
    pdf: Mapped[str | None] = mapped_column(VAULT.text())
