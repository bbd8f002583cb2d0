"""Four eyes: an act that reaches many waits for a second person. Asked by one, approved by another, executed once or never.

A service makes a table of :class:`Act`, and runs what was asked in the very transaction that approves it: of two approvals at once one
waits for the other and finds the act decided.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from chassis.ids import uuid7
from chassis.labels import _
from chassis.problems import Refusal
from chassis.work import Work

LIFE = timedelta(hours=72)
ASKED, APPROVED, REFUSED, EXPIRED = "asked", "approved", "refused", "expired"
LABELS = {ASKED: _("À valider"), APPROVED: _("Validé"), REFUSED: _("Refusé"), EXPIRED: _("Expiré")}


class SamePerson(Refusal):
    """Whoever asked for an act does not approve it."""

    status, slug, title = 409, "acte-meme-personne", _("Cet acte doit être validé par une autre personne que celle qui l'a demandé.")


class Decided(Refusal):
    """The act was approved, refused, or waited too long; ``state`` says which."""

    status, slug, title = 409, "acte-deja-decide", _("Cet acte n'attend plus de validation.")


class Act:
    """A row of acts to validate: ``kind`` says what to do, ``subject`` to whom. Nothing has happened while it is only asked."""

    __tablename__ = "pending_act"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    subject: Mapped[str]
    brand: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(default=ASKED)
    asked_by: Mapped[uuid.UUID]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None]
    decided_at: Mapped[datetime | None]

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Any, ...]:
        return (
            CheckConstraint("state IN ('asked', 'approved', 'refused')", name="state_known"),
            CheckConstraint("(state = 'asked') = (decided_by IS NULL AND decided_at IS NULL)", name="decided_by_somebody"),
            CheckConstraint("state <> 'approved' OR decided_by <> asked_by", name="four_eyes"),
        )

    def state_at(self, now: datetime) -> str:
        """Where it stands: what nobody decided in time has expired."""
        return EXPIRED if self.state == ASKED and self.expires_at <= now else self.state

    def approve(self, work: Work[Any]) -> None:
        """Say yes, as somebody else than who asked; the caller then does it. Raises :class:`Decided`, :class:`SamePerson`."""
        self._wait(work)
        if work.actor.account_id == self.asked_by:
            raise SamePerson
        self._decide(work, APPROVED)

    def refuse(self, work: Work[Any]) -> None:
        """Say no, or change one's mind. Raises :class:`Decided`."""
        self._wait(work)
        self._decide(work, REFUSED)

    def _wait(self, work: Work[Any]) -> None:
        state = self.state_at(work.now)
        if state != ASKED:
            raise Decided(state=state)

    def _decide(self, work: Work[Any], state: str) -> None:
        self.state, self.decided_by, self.decided_at = state, work.actor.account_id, work.now
        work.audit(f"act.{state}", self.subject, kind=self.kind, act=str(self.id))
