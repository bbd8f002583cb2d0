"""Who may act for a company, who was invited to, and what is known of their accounts."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from chassis import ids
from services.employers import lifecycle, rules
from services.employers.errors import ChangedMeanwhile
from services.employers.lifecycle import State, Verb
from services.employers.models.base import VAULT, Base, among


class Invitation(Base):
    """An administrator invites somebody to one or several companies (S1:138-141): one e-mail, one link, a habilitation for each company.

    Who was invited is forgotten when it closes, accepted or not: an account has its own row.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint("(closed_at IS NULL) = (email IS NOT NULL)", name="person_erased"),
        Index("ix_invitation_open", "email_fingerprint", postgresql_where=text("closed_at IS NULL")),
        Index(None, "invited_by", "sent_at"),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    brand: Mapped[str]
    email: Mapped[str | None] = mapped_column(VAULT.text())
    email_fingerprint: Mapped[bytes]
    first_name: Mapped[str | None] = mapped_column(VAULT.text())
    last_name: Mapped[str | None] = mapped_column(VAULT.text())
    invited_by: Mapped[uuid.UUID]
    sent_at: Mapped[datetime]
    sendings: Mapped[int] = mapped_column(default=1)
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    def close(self, now: datetime) -> None:
        """The link opens nothing more, and the person is forgotten."""
        self.closed_at = now
        self.first_name = self.last_name = self.email = None


class Habilitation(Base):
    """The right of an account, or of somebody invited, to act for a company (S1:122-146). Each row is one spell, never opened again.

    ``sees_nir``: a user was given the right to read whole social security numbers, which administrators have. ``resumes_on`` is the day a
    suspension ends by itself; ``shut_with_company``: it began with the company's, and may end with it; ``ends_on`` the last day of a
    mandate, ``None`` for a right without end.
    """

    __tablename__ = "habilitation"
    __table_args__ = (
        CheckConstraint(among("role", rules.ROLES), name="role_known"),
        CheckConstraint(among("state", lifecycle.STORED), name="state_known"),
        CheckConstraint("(state = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_dated"),
        CheckConstraint("account_id IS NOT NULL OR (invitation_id IS NOT NULL AND state IN ('invited', 'revoked'))", name="of_somebody"),
        CheckConstraint("resumes_on IS NULL OR state = 'suspended'", name="resumes_when_suspended"),
        CheckConstraint("NOT shut_with_company OR state = 'suspended'", name="shut_when_suspended"),
        Index("uq_habilitation_live", "account_id", "siren", unique=True, postgresql_where=text("revoked_at IS NULL")),
        Index("ix_habilitation_invitation", "invitation_id", postgresql_where=text("invitation_id IS NOT NULL")),
    )
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=ids.uuid7)
    account_id: Mapped[uuid.UUID | None]
    invitation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("invitation.id"))
    siren: Mapped[str] = mapped_column(ForeignKey("company.siren"), index=True)
    role: Mapped[str]
    sees_nir: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(server_default="active")
    granted_at: Mapped[datetime | None]
    resumes_on: Mapped[date | None]
    shut_with_company: Mapped[bool] = mapped_column(default=False, server_default=false())
    ends_on: Mapped[date | None]
    revoked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    invitation: Mapped[Invitation | None] = relationship()

    @property
    def holder(self) -> str:
        """How the audit trail names whose right it is."""
        return f"account:{self.account_id}" if self.account_id else f"invitation:{self.invitation_id}"

    def state_at(self, now: datetime) -> State:
        """Where it stands: an invitation that nobody followed in time has expired."""
        stored = lifecycle.STATES[self.state]
        late = stored is State.INVITED and self.invitation is not None and self.invitation.expires_at <= now
        return State.EXPIRED if late else stored

    def live(self, verb: Verb, now: datetime) -> State:
        """Take the step that ``verb`` names; returns the state left. Raises ``ForbiddenTransition``.

        Raises ``ChangedMeanwhile`` for a step that began before the last one was taken: others believe the newest word, and would miss it.
        """
        if self.changed_at > now:
            raise ChangedMeanwhile
        before = self.state_at(now)
        self.state = lifecycle.after(before, verb)
        self.changed_at = now
        self.granted_at = self.granted_at or (now if self.state == State.ACTIVE else None)
        self.revoked_at = now if self.state == State.REVOKED else None
        self.shut_with_company = False
        if self.state != State.SUSPENDED:
            self.resumes_on = None
        return before


class Account(Base):
    """What identity told of an employer's account: names for the list of habilitations, and nothing else."""

    __tablename__ = "account"
    __table_args__ = (Index(None, "email_fingerprint"),)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str] = mapped_column(VAULT.text())
    last_name: Mapped[str] = mapped_column(VAULT.text())
    email: Mapped[str] = mapped_column(VAULT.text())
    email_fingerprint: Mapped[bytes | None]
