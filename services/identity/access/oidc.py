"""Attempts to come in through another house, and the links that bind its people to accounts."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from services.identity.config import IdentityWork
from services.identity.models import OidcAttempt, OidcLink
from services.identity.rules import codes, oidc


def live_attempt(work: IdentityWork, state: str, ticket: str) -> OidcAttempt | None:
    """The attempt that a browser comes back from, with what it carried and what it kept, locked: of two returns, one finds it used."""
    shown = OidcAttempt.state_hash == codes.digest(state), OidcAttempt.ticket_hash == codes.digest(ticket)
    here = OidcAttempt.brand == work.brand_key, OidcAttempt.space == work.actor.space
    live = OidcAttempt.used_at.is_(None), OidcAttempt.asked_at > work.now - oidc.ATTEMPT_LIFE
    return work.session.scalar(select(OidcAttempt).where(*shown, *here, *live).with_for_update())


def attempt(work: IdentityWork, attempt_id: uuid.UUID) -> OidcAttempt:
    """An attempt of the work's brand that was just used."""
    return work.session.scalars(select(OidcAttempt).where(OidcAttempt.id == attempt_id, OidcAttempt.brand == work.brand_key)).one()


def proved_attempt(work: IdentityWork, ticket: str) -> OidcAttempt | None:
    """The attempt of this browser that a provider vouched for and that no account is tied to yet, locked."""
    here = OidcAttempt.brand == work.brand_key, OidcAttempt.space == work.actor.space, OidcAttempt.ticket_hash == codes.digest(ticket)
    live = OidcAttempt.completed_at.is_(None), OidcAttempt.proved_at > work.now - oidc.LINK_LIFE
    return work.session.scalar(select(OidcAttempt).where(*here, *live).with_for_update())


def attempt_of_challenge(work: IdentityWork, challenge_id: uuid.UUID) -> OidcAttempt | None:
    """The attempt whose password opened this sign-in, if it began at a provider's."""
    mine = OidcAttempt.challenge_id == challenge_id, OidcAttempt.brand == work.brand_key
    return work.session.scalar(select(OidcAttempt).where(*mine))


def link_of_subject(work: IdentityWork, subject: bytes) -> OidcLink | None:
    """The link of a person of a provider, in the visitor's brand and space, locked."""
    here = OidcLink.brand == work.brand_key, OidcLink.space == work.actor.space
    return work.session.scalar(select(OidcLink).where(OidcLink.subject == subject, *here).with_for_update())


def own_links(work: IdentityWork) -> Sequence[OidcLink]:
    """The links of whoever is signed in, the latest used first."""
    mine = select(OidcLink).where(OidcLink.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(OidcLink.last_used_at.desc(), OidcLink.id)).all()
