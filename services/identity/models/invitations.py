"""Invitations: somebody may open an account with a link that came by e-mail, once."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from chassis.ids import uuid7
from services.identity.models.base import VAULT, Base
from services.identity.rules import codes


class Invitation(Base):
    """Who is invited to a space, and the one link that lets them in: a newer link takes the older one's place.

    Employers' administrators invite to companies (``company_names``), the platform's administrators invite caseworkers (``role``, and the
    secret of the second factor they enrol with). An account opened with it takes its id in the second case, unless ``account_id`` says
    whose lost access it gives back.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(space = 'conseil') = (role IS NOT NULL AND totp_secret IS NOT NULL)", name="caseworker_strong"),
        CheckConstraint("role IS NULL OR role IN ('read', 'handle', 'administer')", name="role_known"),
        Index("ix_invitation_open", "brand", "space", "email", postgresql_where=text("used_at IS NULL AND killed_at IS NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    brand: Mapped[str]
    space: Mapped[str]
    email: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    company_names: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    companies: Mapped[int] = mapped_column(server_default="0")
    role: Mapped[str | None]
    totp_secret: Mapped[str | None] = mapped_column(VAULT.text())
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    told_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    killed_at: Mapped[datetime | None]

    @property
    def subject(self) -> str:
        return f"invitation:{self.id}"

    @property
    def caseworker_id(self) -> uuid.UUID:
        """The account of a caseworker that it opens, or opens again."""
        return self.account_id or self.id

    def arm(self, told_at: datetime, expires_at: datetime) -> str:
        """A new link, after which the older one opens nothing. Returns its token, kept nowhere."""
        token = codes.token()
        self.token_hash, self.told_at, self.expires_at = codes.digest(token), told_at, expires_at
        return token
