"""Invitations: a link that came by e-mail lets somebody open an account, or add companies to the one they have (S1:138-141).

Reading what a link is for uses nothing up; only the person's own act does, once. Whoever has an account already proves it by its password.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.ids import uuid7
from events import Sealed
from events.employers import InvitationSent
from events.identity import AccountKind, InvitationIssued
from identifiers import email as emails
from services.identity import access
from services.identity.actions import accounts, activations, pacing, passwords, terms
from services.identity.actions.ports import ReadTotp
from services.identity.config import IdentityWork
from services.identity.errors import AlreadyInvited, WrongCode, WrongInvitation
from services.identity.models import Account, Invitation
from services.identity.rules import codes, pace
from services.identity.rules.spaces import KIND_OF_SPACE, SPACE_OF_KIND

EMPLOYERS, CASEWORKERS = SPACE_OF_KIND["employer"], SPACE_OF_KIND["caseworker"]


@dataclass(frozen=True)
class Shown:
    """What whoever holds the link may know before they act. ``secret`` goes into an authenticator application (base32).

    ``renews``: the account is there, and a new password and a new application take the place of those that were lost.
    """

    first_name: str
    email: str
    email_hint: str
    company_names: list[str]
    companies: int
    has_account: bool
    secret: str | None
    renews: bool


def receive(work: IdentityWork, sent: InvitationSent, told_at: datetime) -> None:
    """An administrator of companies invites somebody, or has the link sent again; an older word changes nothing."""
    invitation = access.invitation(work, sent.invitation_id)
    if invitation is not None and (invitation.told_at >= told_at or invitation.used_at or invitation.killed_at):
        return
    invitation = invitation or Invitation(id=sent.invitation_id, brand=work.brand_key, space=EMPLOYERS)
    invitation.email = emails.parse(sent.email.value)
    invitation.first_name, invitation.last_name = sent.first_name.value, sent.last_name.value
    invitation.company_names, invitation.companies = list(sent.company_names), sent.companies
    send(work, invitation, told_at, sent.expires_at, sent.inviter)


def withdraw(work: IdentityWork, invitation_id: uuid.UUID) -> None:
    """Nothing is left of the invitation."""
    invitation = access.invitation(work, invitation_id)
    if invitation is not None and invitation.used_at is None:
        invitation.killed_at = work.now
        work.audit("invitation.withdrawn", invitation.subject)


def send(work: IdentityWork, invitation: Invitation, told_at: datetime, expires_at: datetime, inviter: Sealed | None) -> None:
    """Arm a new link and have it handed over."""
    token = invitation.arm(told_at, expires_at)
    work.session.add(invitation)
    work.session.flush()
    kind: AccountKind = KIND_OF_SPACE[invitation.space]  # type: ignore[assignment]
    work.emit(
        InvitationIssued(
            invitation_id=invitation.id,
            kind=kind,
            to=Sealed(invitation.email),
            token=Sealed(token),
            first_name=Sealed(invitation.first_name),
            company_names=tuple(invitation.company_names or ()),
            companies=invitation.companies or 0,
            inviter=inviter,
            renews=invitation.account_id is not None,
            issued_at=told_at,
            expires_at=expires_at,
        )
    )
    work.audit("invitation.issued", invitation.subject, space=invitation.space)


def show(work: IdentityWork, token: str) -> Shown:
    """What a link is for; it still opens afterwards. Raises ``WrongInvitation``, ``TooMany``."""
    invitation = _followed(work, token)
    account = access.account_of_login(work, invitation.space, invitation.email)
    return Shown(
        first_name=invitation.first_name,
        email=invitation.email,
        email_hint=emails.masked(invitation.email),
        company_names=invitation.company_names,
        companies=invitation.companies,
        has_account=account is not None and account.activated_at is not None and not invitation.account_id,
        secret=invitation.totp_secret,
        renews=invitation.account_id is not None,
    )


def accept(work: IdentityWork, form: dict[str, Any], read_totp: ReadTotp) -> Account:
    """Use the link up: a new password for a new account, one's own for the account one has, and a caseworker's first TOTP code.

    Raises ``WrongInvitation``, ``TermsChanged``, ``PasswordRefused`` (the link still serves), ``WrongCredentials``, ``WrongCode`` or
    ``TooMany``.
    """
    invitation = _followed(work, form["token"])
    terms.in_force(work, invitation.space, form["terms_version"])
    opens = _rearmed if invitation.account_id else _caseworker if invitation.space == CASEWORKERS else _employer
    account = opens(work, invitation, form, read_totp)
    terms.accept(work, account, form["terms_version"])
    invitation.used_at = work.now
    return account


def _followed(work: IdentityWork, token: str) -> Invitation:
    """The invitation of a link; wrong ones are counted by address."""
    hit = pacing.spend(work, "link", work.actor.address, pace.LINKS)
    invitation = access.live_invitation(work, token)
    if invitation is None:
        raise WrongInvitation
    pacing.take_back(work, hit)
    return invitation


def _employer(work: IdentityWork, invitation: Invitation, form: dict[str, Any], _read_totp: ReadTotp) -> Account:
    account = access.account_of_login(work, invitation.space, invitation.email)
    if account is not None:
        activations.same_person(work, account, form["password"])
    else:
        account = _opened(work, _new(work, invitation, uuid7()), form)
    activations.tell(work, invitation.id, account, invitation.subject)
    return account


def _caseworker(work: IdentityWork, invitation: Invitation, form: dict[str, Any], read_totp: ReadTotp) -> Account:
    """The second factor is enrolled with the password: no account of a caseworker ever opens without it."""
    if access.account_of_login(work, invitation.space, invitation.email) is not None:
        raise AlreadyInvited
    account = _new(work, invitation, invitation.id)
    account.role, account.totp_secret = invitation.role, invitation.totp_secret
    account.totp_step = _enrolled(work, invitation, form["code"] or "", read_totp)
    _opened(work, account, form)
    activations.tell(work, invitation.id, account, account.reference)
    return account


def _rearmed(work: IdentityWork, invitation: Invitation, form: dict[str, Any], read_totp: ReadTotp) -> Account:
    """A caseworker comes back with a new password and a new application. Sensitive acts wait a day: the link proves a mailbox."""
    account = access.account(work, invitation.account_id)
    if account is None or account.suspended_at:
        raise WrongInvitation
    plain = passwords.accepted(work, account, form["password"])
    step = _enrolled(work, invitation, form["code"] or "", read_totp)
    account.arm(plain, invitation.totp_secret or "", step, work.now)
    account.hold(work.now)
    invitation.used_at = work.now
    passwords.close_other_ways(work, account)
    accounts.tell_rearmed(work, account, "link")
    return account


def _enrolled(work: IdentityWork, invitation: Invitation, typed: str, read_totp: ReadTotp) -> int:
    """The step of the code that proves the application holds the secret: it opens nothing a second time."""
    tried = pacing.count(work, "enrolment", invitation.subject)
    step = read_totp(invitation.totp_secret or "", codes.canonical(typed), work.now) if tried <= pace.ENROLMENT_TRIES else None
    if step is None:
        raise WrongCode(remaining=max(0, pace.ENROLMENT_TRIES - tried))
    return step


def _new(work: IdentityWork, invitation: Invitation, account_id: uuid.UUID) -> Account:
    return Account(
        id=account_id,
        brand=work.brand_key,
        space=invitation.space,
        kind=KIND_OF_SPACE[invitation.space],
        reference=f"account:{account_id}",
        email=invitation.email,
        first_name=invitation.first_name,
        last_name=invitation.last_name,
    )


def _opened(work: IdentityWork, account: Account, form: dict[str, Any]) -> Account:
    account.choose(passwords.accepted(work, account, form["password"]), work.now)
    work.session.add(account)
    work.session.flush()
    return account
