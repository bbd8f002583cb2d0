"""Whose radiation may be told by whom: rights with their company, the words already said, and the lists that wait for a second person."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, select, true

from chassis.problems import Forbidden, NotFound
from services.members.access import payroll
from services.members.access.rights import PLATFORM, must_handle, of_people, visible_lines
from services.members.config import Radiations, Work
from services.members.lifecycle import Status
from services.members.models import Company, PendingAct, Radiation, Rights
from services.members.rules.radiations import Standing

ADMINISTRATOR = "administrator"
DAY = timedelta(hours=24)


@dataclass(frozen=True)
class Employed:
    """Rights in the actor's perimeter, and whether their company emits DSN: one that nobody told of is taken to."""

    rights: Rights
    emits_dsn: bool

    @property
    def standing(self) -> Standing:
        row = self.rights
        return Standing(Status(row.status), row.source, row.starts_on, self.emits_dsn, row.direct_end)


def employed(work: Work, rights_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Employed]:
    """Those of these rights that the actor may see, as they stand now."""
    company = and_(Company.brand == Rights.brand, Company.siren == Rights.siren)
    query = visible_lines(work.actor).with_only_columns(Rights, Company.emits_dsn, maintain_column_froms=True)
    query = query.outerjoin(Company, company).where(Rights.id.in_(rights_ids))
    rows = work.session.execute(query.execution_options(populate_existing=True))
    return {rights.id: Employed(rights, emits_dsn is not False) for rights, emits_dsn in rows}


def one(work: Work, rights_id: uuid.UUID) -> Employed:
    """Rights that the actor may see. Raises ``NotFound``, whether they are foreign or missing."""
    found = employed(work, [rights_id])
    if not found:
        raise NotFound
    return found[rights_id]


def hold(work: Work, person_ids: Collection[uuid.UUID]) -> set[bytes]:
    """Lock all that the fold of these people will lock, in its order: two works on the same people take turns. Returns their numbers.

    For the platform: rights of other brands are among them.
    """
    keys = payroll.keys_of(work, person_ids)
    owners = payroll.owners(work, payroll.connected(work, keys))
    of_people(work, {row.person_id for row in owners} | set(person_ids))
    return keys


def terms(work: Work, brand: str) -> Radiations:
    """What the brand of these rights allows. Raises ``NotFound`` for a brand that left the platform."""
    if brand not in work.brands:
        raise NotFound
    return work.brands[brand].own.radiations


def words(work: Work, rights_id: uuid.UUID) -> Sequence[Radiation]:
    """All that was said directly of rights, in its order."""
    return work.session.scalars(select(Radiation).where(Radiation.rights_id == rights_id).order_by(Radiation.id)).all()


def told_lately(work: Work, siren: str) -> int:
    """How many people of a company an employer radiated in 24 h. Lists of the same company wait until this work ends."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"radiations:{siren}", 0))))
    lately = Radiation.verb == "radiate", Radiation.source == "employer", Radiation.told_at > work.now - DAY
    query = select(func.count()).select_from(Radiation).join(Rights, Rights.id == Radiation.rights_id)
    return work.session.scalar(query.where(*lately, Rights.siren == siren)) or 0


def deciding(work: Work, act: PendingAct) -> None:
    """Refuse whoever may not approve: an administrator of the company, or a caseworker who handles. Raises ``Forbidden``."""
    if work.actor.kind == "caseworker":
        must_handle(work)
    elif not work.actor.holds(act.siren, ADMINISTRATOR):
        raise Forbidden


def act(work: Work, act_id: uuid.UUID) -> PendingAct:
    """A list that waits, locked: of two decisions at once, one finds it decided. Raises ``NotFound``."""
    found = work.session.scalar(select(PendingAct).where(PendingAct.id == act_id, _ours(work)).with_for_update())
    if found is None:
        raise NotFound
    return found


def acts_after(work: Work, after: uuid.UUID | None, limit: int) -> Sequence[PendingAct]:
    """A page of lists, the latest first."""
    page = select(PendingAct).where(_ours(work)).order_by(PendingAct.id.desc()).limit(limit)
    return work.session.scalars(page.where(PendingAct.id < after) if after else page).all()


def _ours(work: Work) -> ColumnElement[bool]:
    if work.actor.kind == "caseworker":
        if not work.actor.holds(PLATFORM):
            raise Forbidden
        return true()
    return and_(PendingAct.siren.in_(work.actor.grants), PendingAct.brand == work.actor.brand)
