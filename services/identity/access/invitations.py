"""Invitations, and the platform's own people."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from chassis.four_eyes import ASKED
from services.identity.config import IdentityWork
from services.identity.models import Account, Invitation, PendingAct
from services.identity.rules import codes
from services.identity.rules.spaces import SPACE_OF_KIND


def invitation(work: IdentityWork, invitation_id: uuid.UUID) -> Invitation | None:
    """An invitation of the work's brand, whatever became of it, locked."""
    found = select(Invitation).where(Invitation.id == invitation_id, Invitation.brand == work.brand_key)
    return work.session.scalar(found.with_for_update())


def live_invitation(work: IdentityWork, token: str) -> Invitation | None:
    """The invitation whose link is shown in its brand and space, locked: of two that come at once, one finds it used."""
    mine = Invitation.token_hash == codes.digest(token), Invitation.brand == work.brand_key, Invitation.space == work.actor.space
    live = Invitation.used_at.is_(None), Invitation.killed_at.is_(None), Invitation.expires_at > work.now
    return work.session.scalar(select(Invitation).where(*mine, *live).with_for_update())


def caseworkers(work: IdentityWork) -> Sequence[Account]:
    """The platform's own people, of the work's brand."""
    theirs = Account.brand == work.brand_key, Account.kind == "caseworker", Account.deleted_at.is_(None)
    return work.session.scalars(select(Account).where(*theirs).order_by(Account.id)).all()


def waiting_acts(work: IdentityWork) -> dict[uuid.UUID, PendingAct]:
    """What still waits for a second administrator, by the account it is about."""
    waiting = PendingAct.brand == work.brand_key, PendingAct.state == ASKED, PendingAct.expires_at > work.now
    return {act.account_id: act for act in work.session.scalars(select(PendingAct).where(*waiting).order_by(PendingAct.id))}


def caseworkers_invited(work: IdentityWork) -> Sequence[Invitation]:
    """The links that caseworkers did not follow yet, expired or not: to a first access, or to one that is given back."""
    waiting = Invitation.used_at.is_(None), Invitation.killed_at.is_(None)
    theirs = Invitation.brand == work.brand_key, Invitation.space == SPACE_OF_KIND["caseworker"]
    return work.session.scalars(select(Invitation).where(*theirs, *waiting).order_by(Invitation.id)).all()
