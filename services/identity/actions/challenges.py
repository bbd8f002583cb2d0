"""The second factor of a sign-in: where its code goes, and what the right one opens."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from chassis.ids import uuid7
from events import Sealed
from events.identity import PhoneEnrolled
from identifiers import email as emails
from identifiers import phone as phones
from services.identity import access
from services.identity.actions import codes, oidc_links, pacing, second_factor, sessions, totp
from services.identity.actions.ports import ReadTotp
from services.identity.actions.sessions import SignedIn
from services.identity.config import IdentityWork
from services.identity.errors import ChallengeOver, ChannelRefused, PhoneExpected, PhoneKnown, WrongCode
from services.identity.models import Account, Challenge, Device
from services.identity.rules import pace
from services.identity.rules import second_factor as rules


@dataclass(frozen=True)
class Given:
    """What somebody gave as a second factor: ``factor`` says which (``code``, ``totp`` or ``recovery``); the usual one when it does not."""

    code: str
    factor: str | None = None
    trust_device: bool = False


def send_code(work: IdentityWork, challenge_id: uuid.UUID, channel: str, phone: str | None) -> str:
    """Send the code of a sign-in. Returns where it goes, masked.

    Raises ``ChallengeOver``, ``ChannelRefused``, ``PhoneExpected``, ``PhoneKnown`` or ``TooMany``.
    """
    challenge, account = _live(work, challenge_id)
    to = _destination(work, challenge, account, channel, phone)
    pacing.spend(work, "resent", f"{challenge.id}:{channel}", pace.RESENDING)
    codes.issue(work, codes.Parcel(challenge.request, account.subject, "second_factor", account.kind, channel, to))  # type: ignore[arg-type]
    return phones.masked(to) if channel == "sms" else emails.masked(to)


def prove(work: IdentityWork, challenge_id: uuid.UUID, given: Given, read_totp: ReadTotp) -> SignedIn | None:
    """Give the second factor: a session, or ``None`` when a phone must be enrolled next.

    Raises ``ChallengeOver``, ``WrongCode`` or ``TooMany``.
    """
    challenge, account = _live(work, challenge_id)
    second_factor.spend_try(work, account)
    work.session.refresh(account)  # another sign-in of this account, which this one just waited for, may have enrolled a phone
    channel = _redeem(work, challenge, account, given, read_totp)
    second_factor.forgive_tries(work, account)
    if challenge.needs_phone and channel == "email":
        challenge.email_proved_at = work.now
        return None
    _enrol(work, challenge, account)
    challenge.completed_at = work.now
    oidc_links.tie_after(work, account, challenge)
    device = _trust(work, challenge, account) if given.trust_device and account.kind != "caseworker" else None
    return sessions.open_for_account(work, account, strong=channel != "email", device=device)


def account_of(work: IdentityWork, challenge: Challenge) -> Account:
    """Whose sign-in it is. Raises ``ChallengeOver`` when the account is gone."""
    account = access.account(work, challenge.account_id)
    if account is None:
        raise ChallengeOver
    return account


def channels(work: IdentityWork, challenge: Challenge, account: Account) -> tuple[str, ...]:
    """Where the code of this sign-in may go now."""
    if challenge.awaits_phone:
        return ("sms",)
    has_phone = account.phone is not None and not challenge.needs_phone
    email_codes, has_totp = work.brand.own.email_codes(account.kind), account.totp_secret is not None
    return rules.channels(account.kind, has_phone=has_phone, email_codes=email_codes, has_totp=has_totp)


def _live(work: IdentityWork, challenge_id: uuid.UUID) -> tuple[Challenge, Account]:
    challenge = access.live_challenge(work, challenge_id, work.actor.space)
    account = access.account(work, challenge.account_id) if challenge else None
    if challenge is None or account is None or account.suspended_at or (challenge.needs_phone and account.phone):
        raise ChallengeOver
    return challenge, account


def _destination(work: IdentityWork, challenge: Challenge, account: Account, channel: str, phone: str | None) -> str:
    allowed = channels(work, challenge, account)
    if channel not in allowed or channel not in rules.SENT:
        raise ChannelRefused(channels=list(allowed))
    if channel == "email":
        return account.email or ""
    if challenge.awaits_phone:
        challenge.new_phone = _mobile(phone) if phone else challenge.new_phone
    elif phone is not None and phone != account.phone:
        raise PhoneKnown
    to = challenge.new_phone if challenge.awaits_phone else account.phone
    if to is None:
        raise PhoneExpected
    return to


def _mobile(phone: str) -> str:
    if not phones.is_mobile(phone):
        raise PhoneExpected
    return phone


def _redeem(work: IdentityWork, challenge: Challenge, account: Account, given: Given, read_totp: ReadTotp) -> str:
    """Where the right second factor came from. Raises ``WrongCode``, and the try stays counted."""
    factor = given.factor or rules.usual_factor(account.kind)
    if factor == "code":
        return codes.redeem(work, challenge.request, given.code)
    if challenge.tries >= pace.CODE_TRIES:
        raise WrongCode(remaining=0)
    challenge.tries += 1
    right = totp.recovers(work, account, given.code) if factor == "recovery" else totp.opens(work, account, given.code, read_totp)
    if not right:
        raise WrongCode(remaining=pace.CODE_TRIES - challenge.tries)
    return factor


def _enrol(work: IdentityWork, challenge: Challenge, account: Account) -> None:
    """Keep the phone that was just proved, and tell the e-mail, which was there before (ASVS 6.3.7)."""
    if not challenge.awaits_phone or challenge.new_phone is None:
        return
    if account.phone is not None:
        raise ChallengeOver
    hold_until = account.enrol(challenge.new_phone, work.now)
    work.emit(_enrolled(account, challenge.new_phone, hold_until))
    work.audit("account.phone_enrolled", account.subject, challenge=str(challenge.id))


def _enrolled(account: Account, phone: str, hold_until: datetime) -> PhoneEnrolled:
    return PhoneEnrolled(
        account_id=account.id,
        kind=account.kind,  # type: ignore[arg-type]
        reference=account.reference,
        email=Sealed(account.email or ""),
        phone=Sealed(phones.masked(phone)),
        hold_until=hold_until,
    )


def _trust(work: IdentityWork, challenge: Challenge, account: Account) -> str:
    """Trust this browser from now on: the device it already was, or a new one. Returns its token."""
    known = access.device(work, account, challenge.device_id)
    device = known or Device(id=uuid7(), account_id=account.id, brand=account.brand, first_seen_at=work.now)
    token = device.rotate(challenge.network, work.actor.browser, work.now)
    work.session.add(device)
    work.audit("device.trusted", account.subject, device=str(device.id))
    return token
