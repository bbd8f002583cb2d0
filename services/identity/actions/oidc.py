"""Coming in through another house (OpenID Connect): its word stands for the password, once the password said whose account it is.

A provider is asked while nothing of the database is held, so that one that hangs keeps nobody else out.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from identifiers import email as emails
from services.identity import access
from services.identity.actions import oidc_links, pacing, sign_in
from services.identity.actions.ports import Provider
from services.identity.actions.sessions import SignedIn
from services.identity.actions.sign_in import Password, Proved
from services.identity.config import IdentityWork
from services.identity.errors import EmailUnproved, LinkUseless, ReturnRefused
from services.identity.models import Challenge, OidcAttempt, OidcLink
from services.identity.rules import codes, oidc, pace
from services.identity.rules.oidc import Word


@dataclass(frozen=True)
class Begun:
    """Where to send the browser, and what it keeps meanwhile: ``ticket`` never travels in an address, and is told once."""

    url: str
    ticket: str
    expires_at: datetime


@dataclass(frozen=True)
class Vouched:
    """The word of a provider about somebody tied to an account."""

    word: Word
    device_token: str | None

    def prove(self, work: IdentityWork) -> Proved:
        """Raises ``LinkUseless``."""
        link = access.link_of_subject(work, OidcLink.fingerprint(self.word.issuer, self.word.subject))
        account = access.account(work, link.account_id) if link else None
        if link is None or account is None or not account.activated_at or account.suspended_at:
            raise LinkUseless
        link.last_used_at = work.now
        return Proved(account, access.device_of_token(work, account, self.device_token), strong=self.word.strong)


def begin(work: IdentityWork, provider: Provider) -> Begun:
    """An attempt, bound to the browser that keeps its ticket. Raises ``ProviderDown`` or ``TooMany``."""
    state, ticket = codes.token(), codes.token()
    url = provider.authorization_url(state, ticket)
    pacing.spend(work, "oidc", work.actor.address, pace.VISITS)
    hashes = {"state_hash": codes.digest(state), "ticket_hash": codes.digest(ticket)}
    work.session.add(OidcAttempt(brand=work.brand_key, space=work.actor.space, issuer=provider.issuer, asked_at=work.now, **hashes))
    return Begun(url, ticket, work.now + oidc.ATTEMPT_LIFE)


def use(work: IdentityWork, state: str, ticket: str) -> uuid.UUID | None:
    """Use an attempt up, whatever the provider says next; ``None`` when there is none. Raises ``TooMany``."""
    hit = pacing.spend(work, "oidc-return", work.actor.address, pace.LINKS)
    attempt = access.live_attempt(work, state, ticket)
    if attempt is None:
        return None
    attempt.used_at = work.now
    pacing.take_back(work, hit)
    return attempt.id


def welcome(work: IdentityWork, attempt_id: uuid.UUID, word: Word, device_token: str | None) -> SignedIn | Challenge | None:
    """What the provider's word opens; ``None`` when a password must first say which account it is for.

    That is said whether such an account exists or not. Raises ``EmailUnproved`` or ``LinkUseless``.
    """
    if access.link_of_subject(work, OidcLink.fingerprint(word.issuer, word.subject)):
        return sign_in.sign_in(work, Vouched(word, device_token))
    access.attempt(work, attempt_id).remember(word, _address(word), work.now)
    return None


def tie(work: IdentityWork, ticket: str, password: str, device_token: str | None) -> SignedIn | Challenge:
    """The first time: the password of the account of the provider's e-mail, counted as at any sign-in, then our own second factor.

    Raises ``ReturnRefused``, ``WrongCredentials`` or ``TooMany``.
    """
    hit = pacing.spend(work, "oidc-return", work.actor.address, pace.LINKS)
    attempt = access.proved_attempt(work, ticket)
    if attempt is None:
        raise ReturnRefused
    pacing.take_back(work, hit)
    proved = Password(attempt.email or "", password, device_token).prove(work)
    attempt.completed_at = work.now
    opened = sign_in.let_in(work, proved)
    if isinstance(opened, Challenge):
        attempt.challenge_id = opened.id
    else:
        oidc_links.tie(work, proved.account, attempt)
    return opened


def _address(word: Word) -> str:
    """The e-mail in the one form that accounts know. Raises ``EmailUnproved``."""
    try:
        return emails.parse(word.email)
    except ValueError as error:
        raise EmailUnproved from error
