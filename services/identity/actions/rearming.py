"""A caseworker who lost her password or her application of codes gets both anew, by a link that a colleague has sent (decision 18).

What she had ends first, so that whoever found it gains nothing. Whoever administers the platform has her access given back by two others;
the last one, by the operators, from a terminal.
"""

import uuid

from sqlalchemy import delete

from chassis import four_eyes
from chassis.problems import NotFound
from identifiers import email as emails
from services.identity import access
from services.identity.actions import accounts, caseworkers, passwords, sessions
from services.identity.config import IdentityWork
from services.identity.errors import OwnAccess
from services.identity.models import Account, Invitation, PendingAct, RecoveryCode
from services.identity.rules import codes

KIND = "rearm"
UNKNOWN = "Aucun conseiller n'a cette adresse."


def ask(work: IdentityWork, caseworker_id: uuid.UUID, reason: str) -> Account:
    """Have a colleague's access given back: at once, or once another administrator approves for one who administers the platform.

    Raises ``Held``, ``Forbidden``, ``NotFound``, ``OwnAccess`` or ``TooMany``.
    """
    mine, account = _for_another(work, caseworker_id)
    if account.role != caseworkers.ADMINISTER:
        _rearm(work, account, mine)
    elif account.id not in access.waiting_acts(work):
        _wait_for_another(work, account, mine, reason)
    return account


def approve(work: IdentityWork, caseworker_id: uuid.UUID) -> Account:
    """A second administrator agrees. Raises ``Held``, ``Forbidden``, ``NotFound``, ``OwnAccess``, ``SamePerson`` or ``TooMany``."""
    mine, account = _for_another(work, caseworker_id)
    _waiting(work, account).approve(work)
    _rearm(work, account, mine)
    return account


def refuse(work: IdentityWork, caseworker_id: uuid.UUID) -> Account:
    """An administrator refuses, or changes her mind; so may the one it is about. Raises ``Forbidden`` or ``NotFound``."""
    caseworkers.administering(work)
    account = caseworkers.colleague(work, caseworker_id)
    _waiting(work, account).refuse(work)
    return account


def from_terminal(work: IdentityWork, email: str, password: str) -> accounts.Provisioning:
    """An operator gives a caseworker a password and an application at once: the way back of the last administrator.

    Raises ``PasswordRefused``, and ``ValueError`` for an e-mail that is none or no caseworker's.
    """
    account = access.account_of_login(work, accounts.CASEWORKERS, emails.parse(email))
    if account is None:
        raise ValueError(UNKNOWN)
    if waiting := access.waiting_acts(work).get(account.id):
        waiting.refuse(work)
    plain, secret = passwords.accepted(work, account, password), codes.totp_secret()
    _disarm(work, account)
    account.arm(plain, secret, account.totp_step, work.now)
    accounts.tell_rearmed(work, account, "terminal")
    return accounts.Provisioning(account.id, secret, created=False)


def _for_another(work: IdentityWork, caseworker_id: uuid.UUID) -> tuple[Account, Account]:
    """Whoever acts, and the colleague it is about."""
    mine, account = caseworkers.opening_doors(work), caseworkers.colleague(work, caseworker_id)
    if mine.id == account.id:
        raise OwnAccess
    return mine, account


def _waiting(work: IdentityWork, account: Account) -> PendingAct:
    """What waits for a decision; acts of administrators take turns. Raises ``NotFound``."""
    found = access.waiting_acts(work).get(account.id)
    if found is None:
        raise NotFound
    return found


def _wait_for_another(work: IdentityWork, account: Account, mine: Account, reason: str) -> None:
    limits = {"asked_at": work.now, "expires_at": work.now + four_eyes.LIFE}
    act = PendingAct(kind=KIND, subject=account.subject, brand=account.brand, reason=reason, asked_by=mine.id, **limits)
    work.session.add(act)
    work.session.flush()
    work.audit("act.asked", act.subject, kind=act.kind, act=str(act.id))


def _rearm(work: IdentityWork, account: Account, mine: Account) -> None:
    _disarm(work, account)
    who = {"email": account.email, "first_name": account.first_name, "last_name": account.last_name, "role": account.role}
    caseworkers.send(
        work, Invitation(brand=account.brand, space=account.space, account_id=account.id, totp_secret=codes.totp_secret(), **who), mine
    )


def _disarm(work: IdentityWork, account: Account) -> None:
    """Nothing that she had opens anything any more: password, application, recovery codes, links, sessions and sign-ins in progress."""
    account.disarm(work.now)
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    passwords.close_other_ways(work, account)
    sessions.end_all_of(work, account)
    work.audit("caseworker.disarmed", account.subject)
