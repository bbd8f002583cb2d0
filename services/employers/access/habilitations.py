"""Habilitations and invitations: an administrator's are those of the companies she administers, and the table says so under a lock.

Whoever locks several things takes them in one order: companies by SIREN, then turns, then invitations by id. Two works never wait for
each other.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from chassis.actor import Actor
from chassis.hold import refuse_while_held
from chassis.problems import Forbidden, NotFound
from services.employers import rules
from services.employers.config import Work
from services.employers.lifecycle import State
from services.employers.models import Account, Company, Habilitation, Invitation

LIVE = Habilitation.revoked_at.is_(None)
ADMINISTERS = and_(Habilitation.role == rules.ADMINISTRATOR, Habilitation.state == State.ACTIVE)
Line = Row[Habilitation, Account | None, str]
"""A habilitation, what is known of its account, and the name of its company."""


def administered(actor: Actor) -> list[str]:
    """The companies whose habilitations the actor manages (S1:136): none for a mere user."""
    return [siren for siren in actor.grants if actor.holds(siren, rules.ADMINISTRATOR)]


def lines(sirens: Sequence[str]) -> Select[Habilitation, Account | None, str]:
    """The live habilitations of companies taken from a perimeter, with the names identity told."""
    asked = select(Habilitation, Account, Company.name).join(Company, Company.siren == Habilitation.siren)
    named = asked.outerjoin(Account, Account.id == Habilitation.account_id).outerjoin(Habilitation.invitation)
    return named.options(contains_eager(Habilitation.invitation)).where(Habilitation.siren.in_(sirens), LIVE)


def live_habilitations(work: Work, of: Company) -> Sequence[Line]:
    """Who may act for a company, oldest first."""
    return work.session.execute(lines([of.siren]).order_by(Habilitation.id)).all()


def managed_after(work: Work, sirens: Sequence[str], after: UUID | None, limit: int) -> Sequence[Line]:
    """A page of the habilitations of several companies, oldest first."""
    page = lines(sirens).order_by(Habilitation.id).limit(limit)
    return work.session.execute(page.where(Habilitation.id > after) if after else page).all()


def line(work: Work, habilitation: Habilitation) -> Line:
    """One habilitation, with its names."""
    return work.session.execute(lines([habilitation.siren]).where(Habilitation.id == habilitation.id)).one()


def managed(work: Work, habilitation_id: UUID) -> Habilitation:
    """A live habilitation of a company the actor administers, its company locked, so that acts on one company take turns.

    Raises :class:`NotFound` when it is missing or foreign, :class:`Forbidden` when she no longer administers it, ``Held`` while her own
    ways in have changed.
    """
    refuse_while_held(work)
    found = select(Habilitation).where(Habilitation.id == habilitation_id, Habilitation.siren.in_(administered(work.actor)), LIVE)
    habilitation = work.session.scalar(found)
    if habilitation is None:
        raise NotFound
    lock_company(work, habilitation.siren)
    work.session.refresh(habilitation)
    if not administers(work, work.actor.account_id, habilitation.siren):
        raise Forbidden
    if habilitation.revoked_at is not None:
        raise NotFound
    return habilitation


def lock_company(work: Work, siren: str) -> Company:
    """The company, locked until this work ends: what changes its habilitations takes turns."""
    return work.session.scalars(select(Company).where(Company.siren == siren).with_for_update()).one()


def lock_companies(work: Work, sirens: Iterable[str]) -> None:
    """Several companies, in the one order in which they are locked."""
    for siren in sorted(sirens):
        lock_company(work, siren)


def administers(work: Work, account_id: UUID | None, siren: str) -> bool:
    """Whether an account administers a company now: the table, not an identity signed a minute ago."""
    held = select(Habilitation.id).where(Habilitation.account_id == account_id, Habilitation.siren == siren, ADMINISTERS)
    return work.session.scalar(held) is not None


def administrators(work: Work, siren: str) -> list[UUID]:
    """The accounts that administer a company now."""
    held = select(Habilitation.account_id).where(Habilitation.siren == siren, ADMINISTERS).order_by(Habilitation.id)
    return [account_id for account_id in work.session.scalars(held) if account_id]


def has_administrator(work: Work, siren: str) -> bool:
    """Whether somebody administers a company, or will on the day a suspension ends."""
    back = and_(Habilitation.role == rules.ADMINISTRATOR, Habilitation.state == State.SUSPENDED, Habilitation.resumes_on.is_not(None))
    held = select(Habilitation.id).where(Habilitation.siren == siren, or_(ADMINISTERS, back))
    return work.session.scalar(held.limit(1)) is not None


def live_habilitation(work: Work, account_id: UUID, siren: str) -> Habilitation | None:
    """What an account holds on a company, whatever its state."""
    return work.session.scalar(select(Habilitation).where(Habilitation.account_id == account_id, Habilitation.siren == siren, LIVE))


def of_account(work: Work, account_id: UUID) -> Sequence[Habilitation]:
    """Everything that an account holds, whatever its state, by company: whoever ends several locks them in one order."""
    held = select(Habilitation).where(Habilitation.account_id == account_id, LIVE).order_by(Habilitation.siren)
    return work.session.scalars(held).all()


def account(work: Work, account_id: UUID | None) -> Account | None:
    """What is known of an account."""
    return work.session.get(Account, account_id) if account_id else None


# -- invitations ---------------------------------------------------------------------------------------------------------------


def take_turn(work: Work, name: str) -> None:
    """Wait until no other work holds ``name``, then hold it until this one ends."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def holders_among(work: Work, email: bytes, sirens: Sequence[str]) -> Sequence[Habilitation]:
    """What somebody (by the fingerprint of her e-mail) already holds, or was invited to, on these companies."""
    asked = select(Habilitation).outerjoin(Account, Account.id == Habilitation.account_id).outerjoin(Habilitation.invitation)
    hers = or_(Account.email_fingerprint == email, Invitation.email_fingerprint == email)
    return work.session.scalars(asked.where(hers, Habilitation.siren.in_(sirens), LIVE)).all()


def sent_since(work: Work, since: datetime) -> int:
    """How many links the actor's invitations made leave since an instant."""
    asked = select(func.coalesce(func.sum(Invitation.sendings), 0))
    return work.session.scalar(asked.where(Invitation.invited_by == work.actor.account_id, Invitation.sent_at > since)) or 0


def open_invitation(work: Work, invitation_id: UUID) -> Invitation | None:
    """An invitation that nobody accepted nor withdrew, locked."""
    asked = select(Invitation).where(Invitation.id == invitation_id, Invitation.closed_at.is_(None))
    return work.session.scalar(asked.with_for_update())


def invited(work: Work, invitation_id: UUID) -> Sequence[Habilitation]:
    """The habilitations that wait for an invitation, in the order in which their companies are locked."""
    asked = select(Habilitation).where(Habilitation.invitation_id == invitation_id, Habilitation.state == State.INVITED)
    return work.session.scalars(asked.order_by(Habilitation.siren)).all()


def invited_by(work: Work, account_id: UUID, siren: str) -> Sequence[Habilitation]:
    """The habilitations on a company that wait for an invitation of somebody, in the order in which invitations are locked."""
    asked = select(Habilitation).join(Habilitation.invitation).options(joinedload(Habilitation.invitation))
    hers = Invitation.invited_by == account_id, Habilitation.siren == siren, Habilitation.state == State.INVITED
    return work.session.scalars(asked.where(*hers).order_by(Invitation.id)).all()


# -- what time brings, under the ``system`` actor ------------------------------------------------------------------------------


def due(work: Work) -> Habilitation | None:
    """A suspension that ends today, or a mandate whose last day has passed, the oldest right first."""
    resumes = and_(Habilitation.state == State.SUSPENDED, Habilitation.resumes_on <= work.today)
    over = and_(LIVE, Habilitation.ends_on < work.today)
    return work.session.scalar(select(Habilitation).where(or_(resumes, over)).order_by(Habilitation.id).limit(1))
