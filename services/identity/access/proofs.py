"""What people are asked to prove, each row locked where two steps of one proof take turns."""

import uuid

from sqlalchemy import select

from services.identity.access.turns import ONE
from services.identity.config import IdentityWork
from services.identity.models import AccessRequest, Activation, Challenge, Opening, PasswordReset
from services.identity.rules import codes


def activation(work: IdentityWork, activation_id: uuid.UUID, space: str) -> Activation | None:
    """An activation of this brand and space, locked: two steps of one activation take turns."""
    mine = Activation.id == activation_id, Activation.brand == work.brand_key, Activation.space == space
    return work.session.scalar(select(Activation).where(*mine).with_for_update())


def activation_known(work: IdentityWork, activation_id: uuid.UUID) -> bool:
    """Whether an activation was already taken note of."""
    return work.session.scalar(select(Activation.id).where(Activation.id == activation_id)) is not None


def unresolved_activation(work: IdentityWork) -> Activation | None:
    """The oldest activation asked for and not looked into yet; what another worker holds is skipped."""
    waiting = select(Activation).where(Activation.resolved_at.is_(None)).order_by(Activation.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def opening(work: IdentityWork, opening_id: uuid.UUID) -> Opening | None:
    """A filled form of this brand that is not too old, locked."""
    mine = Opening.id == opening_id, Opening.brand == work.brand_key, Opening.asked_at > work.now - codes.OPENING_LIFE
    return work.session.scalar(select(Opening).where(*mine).with_for_update())


def opening_in_space(work: IdentityWork, opening_id: uuid.UUID) -> Opening | None:
    """The same, for the visitor of a space."""
    found = opening(work, opening_id)
    return found if found and found.space == work.actor.space else None


def unresolved_reset(work: IdentityWork) -> PasswordReset | None:
    """The oldest forgotten password not looked into yet; what another worker holds is skipped."""
    waiting = select(PasswordReset).where(PasswordReset.resolved_at.is_(None)).order_by(PasswordReset.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def live_reset(work: IdentityWork, token: str) -> PasswordReset | None:
    """The link to choose a password whose token is shown, in this brand and space, locked: of two that come at once, one finds it used."""
    mine = PasswordReset.token_hash == codes.digest(token), PasswordReset.brand == work.brand_key, PasswordReset.space == work.actor.space
    live = PasswordReset.used_at.is_(None), PasswordReset.killed_at.is_(None), PasswordReset.expires_at > work.now
    return work.session.scalar(select(PasswordReset).where(*mine, *live).with_for_update())


def unresolved_access_request(work: IdentityWork) -> AccessRequest | None:
    """The oldest request of an applicant not looked into yet."""
    waiting = select(AccessRequest).where(AccessRequest.resolved_at.is_(None)).order_by(AccessRequest.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def access_request(work: IdentityWork, access_id: uuid.UUID) -> AccessRequest | None:
    """A request of an applicant of this brand."""
    return work.session.scalar(select(AccessRequest).where(AccessRequest.id == access_id, AccessRequest.brand == work.brand_key))


def live_challenge(work: IdentityWork, challenge_id: uuid.UUID, space: str) -> Challenge | None:
    """A sign-in of this brand and space that still waits for its second factor, locked."""
    mine = Challenge.id == challenge_id, Challenge.brand == work.brand_key, Challenge.space == space
    live = Challenge.completed_at.is_(None), Challenge.created_at > work.now - codes.CHALLENGE_LIFE
    return work.session.scalar(select(Challenge).where(*mine, *live).with_for_update())
