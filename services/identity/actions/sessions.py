"""Sessions: opened after every proof, turned into signed identities, ended."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update

from chassis.actor import ANONYMOUS, Actor
from chassis.auth import Signer
from chassis.hold import still
from chassis.problems import NotFound, Unauthenticated
from services.identity import access
from services.identity.actions import terms
from services.identity.config import IdentityWork, Terms
from services.identity.models import Account, Applicant, Challenge, Device, Session
from services.identity.rules import codes, second_factor, spaces


@dataclass(frozen=True)
class SignedIn:
    """What a person gets for their proofs. The tokens are told once and kept nowhere."""

    token: str
    expires_at: datetime
    device: str | None = None
    affiliation_id: uuid.UUID | None = None
    terms_to_accept: Terms | None = None


@dataclass(frozen=True)
class Question:
    """Who the edge asks about: a session token or none, for which service, where, and from which address."""

    token: str | None
    audience: str
    brand: str
    space: str
    address: str


def open_for_account(work: IdentityWork, account: Account, *, strong: bool, device: str | None = None) -> SignedIn:
    """A new session of an account; ``strong`` when a second factor, or a device trusted by one, was shown."""
    opened = _open(work, account.kind, strong=strong, account_id=account.id)
    signed = replace(opened, device=device, terms_to_accept=terms.to_accept(work, account))
    work.audit("session.opened", account.subject, strong=strong)
    return signed


def open_for_applicant(work: IdentityWork, applicant: Applicant) -> SignedIn:
    """A new session of an applicant, for one affiliation only."""
    signed = _open(work, "applicant", strong=False, affiliation_id=applicant.affiliation_id)
    work.audit("session.opened", applicant.reference)
    return replace(signed, affiliation_id=applicant.affiliation_id)


def identify(work: IdentityWork, question: Question, signer: Signer) -> tuple[str, str]:
    """The signed identity the question is about, and its kind. Raises ``Unauthenticated`` for a token that opens nothing here."""
    visitor = Actor(kind=ANONYMOUS, brand=question.brand, space=question.space, address=question.address)
    actor = visitor if question.token is None else _actor(work, question, question.token)
    return signer.sign(actor, question.audience), actor.kind


def end_current(work: IdentityWork) -> None:
    """Sign out: the session of this request opens nothing from now on."""
    _end(work, Session.id == work.actor.session_id)


def end_one(work: IdentityWork, session_id: uuid.UUID) -> None:
    """End another of one's own sessions. Raises ``NotFound``."""
    if session_id not in {session.id for session in access.own_sessions(work)}:
        raise NotFound
    _end(work, Session.id == session_id)
    work.audit("session.ended", work.actor.name, session=str(session_id))


def end_others(work: IdentityWork) -> None:
    """Everything but the session of this request: the others, mobile applications included, sign-ins in progress and trusted devices."""
    _end_what_opens_sessions(work, work.actor.account_id)
    _end(work, _mine(work), Session.id != work.actor.session_id)
    work.audit("session.others_ended", work.actor.name)


def end_all_of(work: IdentityWork, account: Account) -> None:
    """Everything that the old password opened: sign-ins in progress, trusted devices and sessions."""
    _end_what_opens_sessions(work, account.id)
    _end(work, Session.account_id == account.id)


def end_all_of_applicant(work: IdentityWork, affiliation_id: uuid.UUID) -> None:
    """Nobody fills this form any more."""
    _end(work, Session.affiliation_id == affiliation_id)


def _open(work: IdentityWork, kind: str, *, strong: bool, **whose: uuid.UUID) -> SignedIn:
    token, expires_at = codes.token(), work.now + spaces.LIFETIMES[kind].absolute
    work.session.add(
        Session(
            token_hash=codes.digest(token),
            kind=kind,
            brand=work.brand_key,
            space=work.actor.space,
            strong=strong,
            network=second_factor.network(work.actor.address),
            browser=work.actor.browser,
            created_at=work.now,
            last_seen_at=work.now,
            expires_at=expires_at,
            **whose,
        )
    )
    return SignedIn(token, expires_at)


def _actor(work: IdentityWork, question: Question, token: str) -> Actor:
    found = access.session_of_token(work, token)
    if found is None or not found.Session.is_alive(work.now) or not _is_here(found.Session, question):
        raise Unauthenticated
    _touch(work, found.Session)
    return _of_applicant(found.Session, question) if found.Session.affiliation_id else _of_account(found, question, work.now)


def _is_here(session: Session, question: Question) -> bool:
    """An account's session stays in its space; an applicant fills the form at any door of the brand."""
    return session.brand == question.brand and (session.kind == "applicant" or session.space == question.space)


def _touch(work: IdentityWork, session: Session) -> None:
    if spaces.to_be_touched(session.last_seen_at, work.now):
        seen = update(Session).where(Session.id == session.id, Session.last_seen_at < work.now).values(last_seen_at=work.now)
        work.session.execute(seen.execution_options(synchronize_session=False))


def _of_applicant(session: Session, question: Question) -> Actor:
    return Actor(
        kind="applicant",
        brand=session.brand,
        space=question.space,
        session_id=session.id,
        reference=f"affiliation:{session.affiliation_id}",
        address=question.address,
    )


def _of_account(found: Any, question: Question, now: datetime) -> Actor:
    session: Session = found.Session
    return Actor(
        kind=session.kind,
        brand=session.brand,
        space=session.space,
        account_id=session.account_id,
        session_id=session.id,
        reference=found.reference if session.kind == "member" else f"account:{session.account_id}",
        grants={"platform": found.role} if found.role else found.grants or {},
        strong=session.strong,
        held_until=still(found.hold_until, now),
        address=question.address,
    )


def _mine(work: IdentityWork) -> ColumnElement[bool]:
    """The sessions of whoever acts; an applicant, who has no account, has this one."""
    return Session.account_id == work.actor.account_id if work.actor.account_id else Session.id == work.actor.session_id


def _end_what_opens_sessions(work: IdentityWork, account_id: uuid.UUID | None) -> None:
    """Before the sessions: a sign-in that is just being completed is waited for, and the session that it opens is then seen, and ended."""
    begun = update(Challenge).where(Challenge.account_id == account_id, Challenge.completed_at.is_(None)).values(completed_at=work.now)
    work.session.execute(begun.execution_options(synchronize_session=False))
    work.session.execute(delete(Device).where(Device.account_id == account_id))


def _end(work: IdentityWork, *which: ColumnElement[bool]) -> None:
    ended = update(Session).where(*which, Session.ended_at.is_(None)).values(ended_at=work.now)
    work.session.execute(ended.execution_options(synchronize_session=False))
