"""Signing in: a password, at the same cost for everybody, or another house's word; then a trusted device, or a second factor.

S0:102-126, S1:92-118.
"""

from dataclasses import dataclass
from typing import Protocol

from chassis.labels import _
from chassis.problems import TooMany
from services.identity import access
from services.identity.actions import pacing, sessions
from services.identity.actions.sessions import SignedIn
from services.identity.config import IdentityWork
from services.identity.errors import WrongCredentials
from services.identity.models import Account, Challenge, Device
from services.identity.models.accounts import matches_nobody
from services.identity.rules import pace, passwords, second_factor

WAY_BACK = _("Trop d'essais de mot de passe. Choisissez-en un nouveau (« Mot de passe oublié ») pour revenir tout de suite.")


@dataclass(frozen=True)
class Proved:
    """What was proved: whose account it is, from which trusted device if any; ``strong`` when a second factor was given elsewhere."""

    account: Account
    device: Device | None
    strong: bool = False


class Login(Protocol):
    """Who proves what: a password does, and so does the word of another house."""

    def prove(self, work: IdentityWork) -> Proved:
        """Raises the refusal of whoever proves nothing."""


@dataclass(frozen=True)
class Password:
    """An e-mail (folded) and its password."""

    email: str
    password: str
    device_token: str | None

    def prove(self, work: IdentityWork) -> Proved:
        """Raises ``WrongCredentials`` or ``TooMany``.

        Tries are counted before the comparison, for known and unknown e-mails alike; a device that is trusted has its own count, so that
        strangers who guess lock strangers out.
        """
        account = access.account_of_login(work, work.actor.space, self.email)
        device = access.device_of_token(work, account, self.device_token)
        counted = f"device:{device.id}" if device else f"{work.brand_key}:{work.actor.space}:{self.email}"
        _spend(work, counted)
        plain = passwords.normalised(self.password)
        right = account.matches(plain) if account else matches_nobody(plain)
        if account is None or not right or account.suspended_at:
            raise WrongCredentials
        pacing.forgive(work, "password", counted)
        return Proved(account, device)


def _spend(work: IdentityWork, counted: str) -> None:
    try:
        pacing.spend(work, "password", counted, pace.PASSWORDS)
    except TooMany as spent:
        raise TooMany(WAY_BACK, **spent.extra) from spent


def sign_in(work: IdentityWork, login: Login) -> SignedIn | Challenge:
    """A session when the device is trusted here and now, else a challenge. Raises what ``login`` refuses with."""
    return let_in(work, login.prove(work))


def let_in(work: IdentityWork, proved: Proved) -> SignedIn | Challenge:
    """What a proof opens by itself: a session, or the second factor that this device, this network or this day asks for."""
    account, device = proved.account, proved.device
    network = second_factor.network(work.actor.address)
    own = work.brand.own.second_factor
    if proved.strong or account.space in own.off_in:
        return sessions.open_for_account(work, account, strong=proved.strong)
    known = second_factor.KnownDevice(device.network, device.last_seen_at) if device else None
    trigger = second_factor.trigger(account.kind, known, network, work.now, own.trust)
    if trigger is None and device is not None:
        return sessions.open_for_account(work, account, strong=True, device=device.rotate(network, work.actor.browser, work.now))
    return _challenge(work, account, device, trigger or second_factor.NEW_BROWSER, network)


def _challenge(work: IdentityWork, account: Account, device: Device | None, trigger: second_factor.Trigger, network: str) -> Challenge:
    email_codes = work.brand.own.email_codes(account.kind)
    challenge = Challenge(
        account_id=account.id,
        brand=account.brand,
        space=account.space,
        trigger=trigger.key,
        needs_phone=second_factor.needs_phone(
            account.kind, has_phone=account.phone is not None, email_codes=email_codes, has_totp=account.totp_secret is not None
        ),
        device_id=device.id if device else None,
        network=network,
        created_at=work.now,
    )
    work.session.add(challenge)
    work.session.flush()
    work.audit("challenge.opened", account.subject, trigger=trigger.key)
    return challenge
