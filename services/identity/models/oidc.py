"""Coming in through another house: attempts, each bound to one browser, and the persons of providers tied to accounts."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import VAULT, Base
from services.identity.rules.oidc import Word


class OidcAttempt(Base):
    """A browser was sent to a provider. What it carries there (``state``) and what it keeps (``ticket``) are only known by their SHA-256.

    ``used_at``: it came back, once. ``proved_at``: the provider vouched for somebody whom no account is tied to yet; a right password
    then ties them (``completed_at``), at once or, after a second factor, with ``challenge_id``.
    """

    __tablename__ = "oidc_attempt"
    __table_args__ = (
        CheckConstraint("(proved_at IS NULL) = (subject IS NULL)", name="proved_with_subject"),
        CheckConstraint("(proved_at IS NULL) = (email IS NULL)", name="proved_with_email"),
        Index("ix_oidc_attempt_challenge", "challenge_id"),
        Index("ix_oidc_attempt_asked", "asked_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    issuer: Mapped[str]
    state_hash: Mapped[bytes]
    ticket_hash: Mapped[bytes] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    subject: Mapped[bytes | None]
    email: Mapped[str | None] = mapped_column(VAULT.text())
    proved_at: Mapped[datetime | None]
    challenge_id: Mapped[uuid.UUID | None]
    completed_at: Mapped[datetime | None]

    def remember(self, word: Word, email: str, now: datetime) -> None:
        """Keep whom the provider vouched for, until a password says which account is theirs."""
        self.subject, self.email, self.proved_at = OidcLink.fingerprint(word.issuer, word.subject), email, now


class OidcLink(Base):
    """Whom of a provider an account is tied to: pinned by the provider's own lasting name, known by its blind index alone."""

    __tablename__ = "oidc_link"
    __table_args__ = (UniqueConstraint("brand", "space", "subject"), UniqueConstraint("account_id", "issuer"))
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    space: Mapped[str]
    issuer: Mapped[str]
    subject: Mapped[bytes]
    linked_at: Mapped[datetime]
    last_used_at: Mapped[datetime]

    @staticmethod
    def fingerprint(issuer: str, subject: str) -> bytes:
        """What is stored of a person of a provider: worthless without the vault's key."""
        return VAULT.fingerprint(f"oidc:{issuer}:{subject}")
