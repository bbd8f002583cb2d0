"""The platform's own people: invited, given a role, suspended by its administrators, who never all leave at once."""

import uuid
from typing import Any

from chassis.hold import refuse_while_held
from chassis.problems import Forbidden, NotFound
from events import Sealed
from services.identity import access
from services.identity.actions import invitations, pacing, sessions
from services.identity.config import IdentityWork
from services.identity.errors import AlreadyInvited, LastAdministrator
from services.identity.models import Account, Invitation
from services.identity.rules import codes, pace

ADMINISTER = "administer"


def administering(work: IdentityWork) -> Account:
    """Whoever acts, when the table says that they administer the platform, now; such acts take turns. Raises ``Forbidden``."""
    if not work.actor.holds("platform", ADMINISTER):
        raise Forbidden
    access.take_turn(work, f"caseworkers:{work.brand_key}")
    mine = access.own_account(work)
    if mine is None or not administers(mine):
        raise Forbidden
    return mine


def opening_doors(work: IdentityWork) -> Account:
    """Whoever acts, to let somebody in or give them more: that waits while their own way in is new. Raises ``Held``, ``Forbidden``."""
    refuse_while_held(work)
    return administering(work)


def invite(work: IdentityWork, form: dict[str, Any]) -> Invitation:
    """Send a colleague the link that opens her account, second factor included.

    Raises ``Held``, ``Forbidden``, ``AlreadyInvited`` or ``TooMany``.
    """
    mine = opening_doors(work)
    waiting = {invitation.email for invitation in access.caseworkers_invited(work)}
    if form["email"] in waiting or access.account_of_login(work, invitations.CASEWORKERS, form["email"]):
        raise AlreadyInvited
    invitation = Invitation(brand=work.brand_key, space=invitations.CASEWORKERS, totp_secret=codes.totp_secret(), **form)
    send(work, invitation, mine)
    return invitation


def resend(work: IdentityWork, caseworker_id: uuid.UUID) -> Invitation:
    """Send a new link, with a new secret; the older link opens nothing. Raises ``Held``, ``Forbidden``, ``NotFound``, ``TooMany``."""
    mine = opening_doors(work)
    invitation = _invited(work, caseworker_id)
    invitation.totp_secret = codes.totp_secret()
    send(work, invitation, mine)
    return invitation


def withdraw(work: IdentityWork, caseworker_id: uuid.UUID) -> None:
    """The link opens nothing any more. Raises ``Forbidden``, ``NotFound``."""
    administering(work)
    invitations.withdraw(work, _invited(work, caseworker_id).id)


def change_role(work: IdentityWork, caseworker_id: uuid.UUID, role: str) -> Account:
    """Raises ``Held``, ``Forbidden``, ``NotFound``, ``LastAdministrator``."""
    opening_doors(work)
    account = colleague(work, caseworker_id)
    if role != ADMINISTER:
        _guard(work, account)
    account.role = role
    work.audit("caseworker.role_changed", account.subject, role=role)
    return account


def suspend(work: IdentityWork, caseworker_id: uuid.UUID) -> Account:
    """Nothing opens for this colleague from now on, what is open included. Raises ``Forbidden``, ``NotFound``, ``LastAdministrator``."""
    administering(work)
    account = colleague(work, caseworker_id)
    _guard(work, account)
    account.suspended_at = account.suspended_at or work.now
    sessions.end_all_of(work, account)
    work.audit("caseworker.suspended", account.subject)
    return account


def reactivate(work: IdentityWork, caseworker_id: uuid.UUID) -> Account:
    """Raises ``Held``, ``Forbidden``, ``NotFound``."""
    opening_doors(work)
    account = colleague(work, caseworker_id)
    account.suspended_at = None
    work.audit("caseworker.reactivated", account.subject)
    return account


def colleague(work: IdentityWork, account_id: uuid.UUID) -> Account:
    """One of the platform's own people. Raises ``NotFound``."""
    found = next((account for account in access.caseworkers(work) if account.id == account_id), None)
    if found is None:
        raise NotFound
    return found


def send(work: IdentityWork, invitation: Invitation, inviter: Account) -> None:
    """Hand a link over, which kills the one before. Raises ``TooMany``."""
    pacing.spend(work, "rearmed" if invitation.account_id else "invited", f"{work.brand_key}:{invitation.email}", pace.RESENDING)
    name = Sealed(f"{inviter.first_name} {inviter.last_name}")
    invitations.send(work, invitation, work.now, work.now + codes.INVITATION_LIFE, name)


def administers(account: Account) -> bool:
    """Whether somebody can administer the platform today."""
    usable = account.activated_at is not None and account.suspended_at is None and account.disarmed_at is None
    return account.role == ADMINISTER and usable


def _invited(work: IdentityWork, caseworker_id: uuid.UUID) -> Invitation:
    """A colleague who did not follow her link yet. Raises ``NotFound``."""
    found = next((each for each in access.caseworkers_invited(work) if each.caseworker_id == caseworker_id), None)
    if found is None:
        raise NotFound
    return found


def _guard(work: IdentityWork, account: Account) -> None:
    others = [each for each in access.caseworkers(work) if each.id != account.id and administers(each)]
    if administers(account) and not others:
        raise LastAdministrator
