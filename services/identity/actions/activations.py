"""Activation: anybody asks and gets one same answer, a code proves who asked, a password closes it (S0:62-100, S1:57-90)."""

import uuid
from dataclasses import dataclass

from sqlalchemy import text, update

from chassis.ids import uuid7
from chassis.inbox import CHANNEL
from events import Sealed, opened, seal
from events.employers import ActivationRequested
from events.identity import AccountActivated, Channel
from identifiers import email as emails
from services.identity import access
from services.identity.actions import accounts, codes, pacing, sessions
from services.identity.config import IdentityWork
from services.identity.errors import ChannelRefused, Elsewhere, ProofRefused, TermsChanged, WrongCode, WrongCredentials
from services.identity.models import Account, Activation
from services.identity.rules import pace
from services.identity.rules import passwords as rule
from services.identity.rules.spaces import KIND_OF_SPACE, SELF_RESET


@dataclass(frozen=True)
class Proved:
    """What the person who gave the right code may know: the token for the next step, and whom the account is for."""

    proof: str
    first_name: str
    email_hint: str


def ask(work: IdentityWork, email: str, channel: str) -> Activation:
    """Take note that somebody wants to open the space of ``email``, or a new password for it; who that is, is looked up afterwards."""
    if work.actor.space not in SELF_RESET:
        raise Elsewhere
    if channel not in work.brand.own.activation.channels:
        raise ChannelRefused(channels=list(work.brand.own.activation.channels))
    pacing.spend(work, "visit", work.actor.address, pace.VISITS)
    pacing.spend(work, "activation", f"{work.brand_key}:{work.actor.space}:{email}", pace.ASKING)
    activation = Activation(brand=work.brand_key, space=work.actor.space, email=email, channel=channel, asked_at=work.now)
    work.session.add(activation)
    wake(work)
    return activation


def wake(work: IdentityWork) -> None:
    """Have the worker look at what was asked as soon as it is committed."""
    work.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def resolve_next(work: IdentityWork) -> int:
    """Look into the oldest request: send a code if the e-mail opens an account, else nothing. Returns how many were looked into."""
    activation = access.unresolved_activation(work)
    if activation is None:
        return 0
    activation.resolved_at = work.now
    account = access.account_of_login(work.for_brand(activation.brand), activation.space, activation.email)
    if account is not None:
        activation.account_id = account.id
        codes.issue_quietly(work.for_brand(activation.brand), _parcel(activation, account))
    return 1


def open_for_employer(work: IdentityWork, request: ActivationRequested) -> None:
    """Employers recognised a company: its contact on file gets the code, by e-mail, else by letter (S1:57-90)."""
    if access.activation_known(work, request.activation_id):
        return
    channel: Channel = "email" if request.contact_email else "post"
    activation = _of_employer(work, request, channel)
    work.session.add(activation)
    work.session.flush()
    if to := opened(request.contact_email or request.contact_address):
        parcel = codes.Parcel(activation.request, activation.request, "activation", "employer", channel, to)
        codes.issue_quietly(work, parcel)


def prove(work: IdentityWork, activation_id: uuid.UUID, typed: str) -> Proved:
    """Give the code. Raises ``WrongCode`` or ``TooMany``, the same for an activation that does not exist."""
    activation = access.activation(work, activation_id, work.actor.space)
    unknown = f"unknown:{activation_id}"
    codes.redeem_within(work, activation.whose if activation else unknown, activation.request if activation else unknown, typed)
    if activation is None or activation.completed_at:
        raise WrongCode(remaining=0)
    account = access.account(work, activation.account_id)
    first_name = account.first_name if account else activation.first_name
    return Proved(activation.prove(work.now), first_name or "", emails.masked(activation.email))


def finish(work: IdentityWork, activation_id: uuid.UUID, proof: str, password: str, terms_version: str) -> Account:
    """Choose the password and accept the terms.

    Raises ``ProofRefused``, ``TermsChanged``, ``PasswordRefused``, ``WrongCredentials`` or ``TooMany``.
    """
    activation = access.activation(work, activation_id, work.actor.space)
    if activation is None or not activation.is_proved_by(proof, work.now):
        raise ProofRefused
    terms = work.brand.own.terms[activation.space]
    if terms_version != terms.version:
        raise TermsChanged(version=terms.version)
    account = _member(work, activation, password) if activation.siren is None else _employer(work, activation, password)
    activation.account_id, activation.completed_at = account.id, work.now
    return account


def tell(work: IdentityWork, activation_id: uuid.UUID, account: Account, reference: str) -> None:
    """An account is open, or opens one more thing; ``reference`` says which."""
    work.emit(
        AccountActivated(
            account_id=account.id,
            kind=account.kind,  # type: ignore[arg-type]
            activation_id=activation_id,
            reference=reference,
            first_name=Sealed(account.first_name),
            last_name=Sealed(account.last_name),
            email=Sealed(account.email or ""),
            phone=seal(account.phone),
        )
    )
    work.audit("account.activated", account.subject, terms=account.terms_version)


def same_person(work: IdentityWork, account: Account, password: str) -> None:
    """A code or a link proves a mailbox: it must not give away the account that somebody else has for another company.

    Raises ``WrongCredentials``, ``TooMany``.
    """
    login = f"{account.brand}:{account.space}:{account.email}"
    pacing.spend(work, "password", login, pace.PASSWORDS)
    if not account.matches(rule.normalised(password)):
        raise WrongCredentials
    pacing.forgive(work, "password", login)
    account.terms_version = work.brand.own.terms[account.space].version


def _of_employer(work: IdentityWork, request: ActivationRequested, channel: Channel) -> Activation:
    return Activation(
        id=request.activation_id,
        brand=work.brand_key,
        space="entreprise",
        email=emails.parse(request.email.value),
        channel=channel,
        asked_at=work.now,
        resolved_at=work.now,
        siren=request.siren,
        first_name=request.first_name.value,
        last_name=request.last_name.value,
        phone=opened(request.phone),
    )


def _member(work: IdentityWork, activation: Activation, password: str) -> Account:
    """A known account takes its first password, or another one; a code that went to an address it no longer has proves nothing."""
    account = access.account(work, activation.account_id)
    if account is None or account.email != activation.email:
        raise ProofRefused
    first_time = account.activated_at is None
    account.choose(accounts.accepted(work, account, password), work.brand.own.terms[account.space].version, work.now)
    _close_other_ways(work, activation, account)
    if first_time:
        tell(work, activation.id, account, account.reference)
    else:
        account.hold(work.now)
        work.audit("account.password_reset", account.subject)
    return account


def _employer(work: IdentityWork, activation: Activation, password: str) -> Account:
    """A company's administrator: a new account, or one that already manages another company and proves it by its own password."""
    account = access.account_of_login(work, activation.space, activation.email)
    if account is None:
        account = _new_employer(work, activation)
        account.choose(accounts.accepted(work, account, password), work.brand.own.terms[account.space].version, work.now)
        work.session.add(account)
        work.session.flush()
    else:
        same_person(work, account, password)
    tell(work, activation.id, account, f"company:{activation.siren}")
    return account


def _new_employer(work: IdentityWork, activation: Activation) -> Account:
    account_id = uuid7()
    return Account(
        id=account_id,
        brand=work.brand_key,
        space=activation.space,
        kind=KIND_OF_SPACE[activation.space],
        reference=f"account:{account_id}",
        email=activation.email,
        phone=accounts.mobile(activation.phone),
        first_name=activation.first_name or "",
        last_name=activation.last_name or "",
    )


def _close_other_ways(work: IdentityWork, activation: Activation, account: Account) -> None:
    """What was opened, asked or counted before this password is over."""
    others = update(Activation).where(Activation.account_id == account.id, Activation.id != activation.id)
    work.session.execute(others.values(proof_until=None).execution_options(synchronize_session=False))  # before codes, as `prove` does
    codes.kill(work, account.subject)
    sessions.end_all_of(work, account)
    pacing.forgive(work, "password", f"{account.brand}:{account.space}:{account.email}")


def _parcel(activation: Activation, account: Account) -> codes.Parcel:
    """Where the code goes: to the phone when asked and on file, else by e-mail. A new password never comes from the phone alone, which is
    the second factor already."""
    if account.activated_at:
        return codes.Parcel(activation.request, account.subject, "password_reset", account.kind, "email", activation.email)  # type: ignore[arg-type]
    phone = accounts.mobile(account.phone) if activation.channel == "sms" else None
    channel, to = ("sms", phone) if phone else ("email", activation.email)
    return codes.Parcel(activation.request, account.subject, "activation", account.kind, channel, to)  # type: ignore[arg-type]
