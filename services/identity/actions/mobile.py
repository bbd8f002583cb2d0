"""Mobile applications that stay signed in: a pair of opaque tokens, turned at each refresh; a copied one ends it all (RFC 9700 §4.14)."""

from dataclasses import dataclass
from datetime import datetime

from chassis.problems import NotFound
from events import Sealed
from events.identity import MobileReplayed
from services.identity import access
from services.identity.actions import second_factor
from services.identity.config import IdentityWork
from services.identity.errors import MobileOver, TooLateToStay
from services.identity.models import RefreshToken, Session
from services.identity.rules import codes, mobile


@dataclass(frozen=True)
class Pair:
    """What an application keeps: ``token`` for each request, ``refresh_token`` for the next pair. Told once and kept nowhere."""

    token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


def stay(work: IdentityWork) -> Pair:
    """Make the session that was just opened an application's. Raises ``TooLateToStay`` or ``SecondFactorExpected``."""
    second_factor.expect(work)
    session = access.own_session(work)
    if session is None:
        raise NotFound
    stays = session.refresh_until is not None
    if not mobile.may_stay(signed_in_at=session.created_at, stays=stays, now=work.now):
        raise TooLateToStay
    work.audit("mobile.opened", work.actor.name, session=str(session.id))
    return _next_pair(work, session)


def refresh(work: IdentityWork, token: str) -> Pair:
    """The next pair. Raises ``MobileOver``, the same for what is unknown, over or used; a token that comes twice ends the session."""
    shown = access.refresh_of_token(work, token)
    if shown is None:
        raise MobileOver
    session = access.session_of_refresh(work, shown)
    if not session.is_open(work.now) or session.space != work.actor.space:
        raise MobileOver
    if shown.used_at is not None:
        _end_what_was_copied(work, session)
        raise MobileOver
    shown.used_at = work.now
    return _next_pair(work, session)


def _next_pair(work: IdentityWork, session: Session) -> Pair:
    token, refresh_token = session.turn(second_factor.network(work), work.now), codes.token()
    prolongs = {"session_id": session.id, "account_id": session.account_id, "brand": session.brand}
    work.session.add(RefreshToken(token_hash=codes.digest(refresh_token), issued_at=work.now, **prolongs))
    assert session.refresh_until is not None  # it turned just now
    return Pair(token, session.expires_at, refresh_token, session.refresh_until)


def _end_what_was_copied(work: IdentityWork, session: Session) -> None:
    """Two hold the same token: nobody knows which one is the owner, who is told and signs in again."""
    session.ended_at = work.now
    account = access.account(work, session.account_id)
    work.audit("mobile.replayed", f"account:{session.account_id}", session=str(session.id))
    if account is not None:
        told = {"account_id": account.id, "kind": account.kind, "reference": account.reference}
        work.emit(MobileReplayed(email=Sealed(account.email or ""), session_id=session.id, **told))  # type: ignore[arg-type]
