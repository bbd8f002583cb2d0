"""Activation: anybody asks and gets one same answer, a code proves who asked, a password closes it (S0:62-100, S1:57-90)."""

import uuid
from dataclasses import dataclass

from chassis import inbox
from chassis.ids import uuid7
from events import Sealed, opened, seal
from events.employers import ActivationRequested
from events.identity import AccountActivated, Channel
from identifiers import email as emails
from services.identity import access
from services.identity.actions import accounts, codes, pacing, passwords, terms
from services.identity.config import IdentityWork
from services.identity.errors import ChannelRefused, Elsewhere, ProofRefused, WrongCode, WrongCredentials
from services.identity.models import Account, Activation
from services.identity.rules import pace
from services.identity.rules import passwords as rule
from services.identity.rules.spaces import KIND_OF_SPACE

WAY = "known_email"


@dataclass(frozen=True)
class Proved:
    """What the person who gave the right code may know: the token for the next step, and whom the account is for."""

    proof: str
    first_name: str
    email_hint: str


def ask(work: IdentityWork, email: str, channel: str) -> Activation:
    """Take note that somebody wants to open the space of ``email``; who that is, is looked up afterwards.

    Raises ``Elsewhere``, ``ChannelRefused`` or ``TooMany``.
    """
    if work.brand.own.activation.ways.get(work.actor.space) != WAY:
        raise Elsewhere
    if channel not in work.brand.own.activation.channels:
        raise ChannelRefused(channels=list(work.brand.own.activation.channels))
    pacing.spend(work, "visit", work.actor.address, pace.VISITS)
    pacing.spend(work, "activation", f"{work.brand_key}:{work.actor.space}:{email}", pace.ASKING)
    activation = Activation(brand=work.brand_key, space=work.actor.space, email=email, channel=channel, asked_at=work.now)
    work.session.add(activation)
    inbox.wake(work)
    return activation


def resolve_next(work: IdentityWork) -> int:
    """Look into the oldest request: a code when the e-mail can open an account, a link to a new password when it opened one already,
    else nothing. Returns how many were looked into."""
    activation = access.unresolved_activation(work)
    if activation is None:
        return 0
    activation.resolved_at = work.now
    branded = work.for_brand(activation.brand)
    account = access.account_of_login(branded, activation.space, activation.email)
    if account is not None and account.activated_at:
        passwords.send_link(branded, account)
    elif account is not None:
        activation.account_id = account.id
        codes.issue_quietly(branded, *_parcels(activation, account))
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
    terms.in_force(work, activation.space, terms_version)
    account = _member(work, activation, password) if activation.siren is None else _employer(work, activation, password)
    activation.account_id, activation.completed_at = account.id, work.now
    terms.accept(work, account, terms_version)
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
    work.audit("account.activated", account.subject)


def same_person(work: IdentityWork, account: Account, password: str) -> None:
    """A code or a link proves a mailbox: it must not give away the account that somebody else has for another company.

    Raises ``WrongCredentials``, ``TooMany``.
    """
    login = passwords.login_of(account)
    pacing.spend(work, "password", login, pace.PASSWORDS)
    if not account.matches(rule.normalised(password)):
        raise WrongCredentials
    pacing.forgive(work, "password", login)


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
    """A known account takes its first password; a code that went to an address it no longer has proves nothing."""
    account = access.account(work, activation.account_id)
    if account is None or account.activated_at or account.email != activation.email:
        raise ProofRefused
    account.choose(passwords.accepted(work, account, password), work.now)
    passwords.close_other_ways(work, account)
    tell(work, activation.id, account, account.reference)
    return account


def _employer(work: IdentityWork, activation: Activation, password: str) -> Account:
    """A company's administrator: a new account, or one that already manages another company and proves it by its own password."""
    account = access.account_of_login(work, activation.space, activation.email)
    if account is None:
        account = _new_employer(work, activation)
        account.choose(passwords.accepted(work, account, password), work.now)
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


def _parcels(activation: Activation, account: Account) -> list[codes.Parcel]:
    """Where the code goes: to the phone when asked and on file, else by e-mail, also when no SMS may leave."""
    phone = accounts.mobile(account.phone) if activation.channel == "sms" else None
    ways: list[tuple[Channel, str]] = [("sms", phone)] if phone else []
    ways.append(("email", activation.email))
    return [codes.Parcel(activation.request, account.subject, "activation", account.kind, *way) for way in ways]  # type: ignore[arg-type]
