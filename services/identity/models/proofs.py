"""What people are asked to prove: activations, sign-in challenges, their one-time codes, and the tries that are counted."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from chassis.ids import uuid7
from services.identity.models.base import VAULT, Base
from services.identity.rules import codes, pace


class Activation(Base):
    """Somebody asked to open a space (or to choose a new password). A task finds out who it is, after the answer has left."""

    __tablename__ = "activation"
    __table_args__ = (Index("ix_activation_unresolved", "asked_at", postgresql_where=text("resolved_at IS NULL")),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    email: Mapped[str]
    channel: Mapped[str]
    asked_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    siren: Mapped[str | None]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    phone: Mapped[str | None]
    proof_hash: Mapped[bytes | None]
    proof_until: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]

    @property
    def request(self) -> str:
        """How its codes name it."""
        return f"activation:{self.id}"

    @property
    def whose(self) -> str:
        """Whose codes are counted together: a company's, else those of one e-mail, known or not."""
        return f"{self.brand}:{self.space}:{self.siren or self.email}"

    def prove(self, now: datetime) -> str:
        """Remember that the code was right; returns the token that stands for it at the next step."""
        token = codes.token()
        self.proof_hash, self.proof_until = codes.digest(token), now + codes.PROOF_LIFE
        return token

    def is_proved_by(self, token: str, now: datetime) -> bool:
        """Whether ``token`` is the live proof of this activation, not used yet."""
        live = self.completed_at is None and self.proof_until is not None and now < self.proof_until
        return live and self.proof_hash == codes.digest(token)


class Challenge(Base):
    """A right password that waits for its second factor."""

    __tablename__ = "challenge"
    __table_args__ = (CheckConstraint(f"tries BETWEEN 0 AND {pace.CODE_TRIES}", name="tries_bounded"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    brand: Mapped[str]
    space: Mapped[str]
    trigger: Mapped[str]
    needs_phone: Mapped[bool]
    new_phone: Mapped[str | None]
    email_proved_at: Mapped[datetime | None]
    device_id: Mapped[uuid.UUID | None]
    network: Mapped[str]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]

    @property
    def request(self) -> str:
        """How its codes name it."""
        return f"challenge:{self.id}"

    @property
    def awaits_phone(self) -> bool:
        """Whether the e-mail is proved and the phone still to be enrolled."""
        return self.needs_phone and self.email_proved_at is not None


class Code(Base):
    """A one-time code, hashed under the vault's key and bound to its own id. ``holder`` is whose it is: a new one kills the older."""

    __tablename__ = "code"
    __table_args__ = (
        CheckConstraint(f"tries BETWEEN 0 AND {pace.CODE_TRIES}", name="tries_bounded"),
        Index("ix_code_live", "request", postgresql_where=text("used_at IS NULL AND killed_at IS NULL")),
        Index("ix_code_holder", "holder", "purpose", postgresql_where=text("used_at IS NULL AND killed_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    request: Mapped[str]
    holder: Mapped[str]
    purpose: Mapped[str]
    channel: Mapped[str]
    hash: Mapped[bytes]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    killed_at: Mapped[datetime | None]

    @staticmethod
    def fingerprint(code_id: uuid.UUID, typed: str) -> bytes:
        """What is stored of a code: worthless without the vault's key, and for any other code."""
        return VAULT.fingerprint(f"{code_id}:{codes.canonical(typed)}")


class Hit(Base):
    """One try or one sending that is counted; ``key`` is a blind index of what is counted (an address, an account, a number).

    ``account_id`` is who was signed in, if anybody: they count their own alone.
    """

    __tablename__ = "hit"
    __table_args__ = (Index("ix_hit_key", "key", "at"),)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    brand: Mapped[str]
    account_id: Mapped[uuid.UUID | None]
    key: Mapped[bytes]
    at: Mapped[datetime]
