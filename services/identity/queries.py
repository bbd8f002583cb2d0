"""What one can ask identity: the password rule of a space, who one is, where one is signed in."""

from typing import Any

from services.identity import access
from services.identity.config import IdentityWork
from services.identity.models import Account, Applicant


def password_rule(work: IdentityWork) -> dict[str, Any]:
    """What a password must satisfy in the visitor's space, and the terms to accept."""
    own, space = work.brand.own, work.actor.space
    policy = own.password[space].policy
    return {
        "min_length": policy.min_length,
        "criteria": [criterion._asdict() for criterion in policy.criteria()],
        "terms": own.terms[space],
    }


def me(work: IdentityWork) -> dict[str, Any]:
    """Who is signed in, and what for: the signed identity decides, the row only adds the names."""
    actor, person = work.actor, _person(work)
    return {
        "kind": actor.kind,
        "first_name": getattr(person, "first_name", None) or "",
        "last_name": getattr(person, "last_name", None) or "",
        "space": actor.space,
        "brand": actor.brand,
        "grants": actor.grants,
        "reference": actor.reference,
        "strong": actor.strong,
        "hold_until": _hold(work, person),
    }


def sessions(work: IdentityWork) -> dict[str, Any]:
    """Where one is signed in, the latest first."""
    alive = [session for session in access.own_sessions(work) if session.is_alive(work.now)]
    return {"items": [_line(session, session.id == work.actor.session_id) for session in alive], "next": None}


def _person(work: IdentityWork) -> Account | Applicant | None:
    return access.own_account(work) if work.actor.account_id else access.own_applicant(work)


def _hold(work: IdentityWork, person: Account | Applicant | None) -> Any:
    until = person.hold_until if isinstance(person, Account) else None
    return until if until and until > work.now else None


def _line(session: Any, current: bool) -> dict[str, Any]:
    told = ("id", "created_at", "last_seen_at", "expires_at", "strong")
    return {name: getattr(session, name) for name in told} | {"current": current}
