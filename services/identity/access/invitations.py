"""Invitations, and the platform's own people."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from services.identity.config import IdentityWork
from services.identity.models import Account, Invitation
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


def caseworkers_invited(work: IdentityWork) -> Sequence[Invitation]:
    """Those who did not follow their link yet, expired or not."""
    waiting = Invitation.used_at.is_(None), Invitation.killed_at.is_(None)
    theirs = Invitation.brand == work.brand_key, Invitation.space == SPACE_OF_KIND["caseworker"]
    return work.session.scalars(select(Invitation).where(*theirs, *waiting).order_by(Invitation.id)).all()
