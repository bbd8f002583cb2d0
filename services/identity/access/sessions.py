"""Sessions, trusted devices, and what signs an application in again."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, case, func, select

from chassis.actor import ADDED
from services.identity.config import IdentityWork
from services.identity.models import Account, Device, Habilitation, RefreshToken, Session
from services.identity.rules import codes


def session_of_token(work: IdentityWork, token: str) -> Row[Any] | None:
    """The session a token opens, with what its identity says: one read by unique index, the grants in the same statement."""
    held = Habilitation.role + case((Habilitation.sees_nir, f"{ADDED}nir"), else_="")
    grants = (
        select(func.jsonb_object_agg(Habilitation.siren, held))
        .where(Habilitation.account_id == Session.account_id, Habilitation.revoked.is_(False))
        .scalar_subquery()
    )
    found = select(Session, Account.reference, Account.role, Account.hold_until, grants.label("grants")).outerjoin(
        Account, Account.id == Session.account_id
    )
    shown = Session.token_hash == codes.digest(token), Account.suspended_at.is_(None)
    return work.session.execute(found.where(*shown)).one_or_none()


def own_sessions(work: IdentityWork) -> Sequence[Session]:
    """The sessions of whoever is signed in that have not ended, the latest first."""
    actor = work.actor
    mine = Session.account_id == actor.account_id if actor.account_id else Session.id == actor.session_id
    return work.session.scalars(select(Session).where(mine, Session.ended_at.is_(None)).order_by(Session.created_at.desc())).all()


def own_session(work: IdentityWork) -> Session | None:
    """The session of this request, locked; ``None`` once it was ended meanwhile."""
    mine = Session.id == work.actor.session_id, Session.ended_at.is_(None)
    return work.session.scalar(select(Session).where(*mine).with_for_update())


def refresh_of_token(work: IdentityWork, token: str) -> RefreshToken | None:
    """The refresh token that is shown, of this brand, locked: of two that come at once, one waits and is second."""
    shown = RefreshToken.token_hash == codes.digest(token), RefreshToken.brand == work.brand_key
    return work.session.scalar(select(RefreshToken).where(*shown).with_for_update())


def session_of_refresh(work: IdentityWork, refresh: RefreshToken) -> Session:
    """The session that a refresh token prolongs, locked."""
    return work.session.scalars(select(Session).where(Session.id == refresh.session_id).with_for_update()).one()


def own_devices(work: IdentityWork) -> Sequence[Device]:
    """The trusted devices of whoever is signed in, the latest seen first."""
    mine = select(Device).where(Device.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(Device.last_seen_at.desc(), Device.id)).all()


def device_of_token(work: IdentityWork, owner: Account | None, token: str | None) -> Device | None:
    """The trusted device of an account whose token is shown, locked: a token turns once."""
    shown = Device.token_hash == codes.digest(token or ""), Device.account_id == (owner.id if owner else None)
    return work.session.scalar(select(Device).where(*shown).with_for_update())


def device(work: IdentityWork, owner: Account, device_id: uuid.UUID | None) -> Device | None:
    """A trusted device of an account by its id."""
    found = select(Device).where(Device.id == device_id, Device.account_id == owner.id)
    return work.session.scalar(found) if device_id else None
