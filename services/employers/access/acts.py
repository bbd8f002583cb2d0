"""Acts to validate: caseworkers see them, those who keep the portfolio ask, those who administer the platform approve."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from chassis.actor import Actor
from chassis.problems import Forbidden, NotFound
from services.employers.access.companies import PLATFORM
from services.employers.config import Work
from services.employers.lifecycle import State
from services.employers.models import Habilitation, PendingAct


def deciding(actor: Actor) -> None:
    """Refuse whoever may not approve an act."""
    if not actor.holds(PLATFORM, "administer"):
        raise Forbidden


def reading(actor: Actor) -> None:
    """Refuse whoever has no role on the platform."""
    if not actor.holds(PLATFORM):
        raise Forbidden


def act(work: Work, act_id: UUID) -> PendingAct:
    """An act, locked: of two decisions at once, one finds it decided. Raises ``NotFound``."""
    found = work.session.scalar(select(PendingAct).where(PendingAct.id == act_id).with_for_update())
    if found is None:
        raise NotFound
    return found


def acts_after(work: Work, after: UUID | None, limit: int) -> Sequence[PendingAct]:
    """A page of acts, the latest first."""
    page = select(PendingAct).order_by(PendingAct.id.desc()).limit(limit)
    return work.session.scalars(page.where(PendingAct.id < after) if after else page).all()


def held_on(work: Work, siren: str, state: State) -> Sequence[Habilitation]:
    """The habilitations of a company in one state; the company is locked."""
    held = Habilitation.siren == siren, Habilitation.state == state
    return work.session.scalars(select(Habilitation).where(*held).order_by(Habilitation.id)).all()
