"""Changing the e-mail or the phone of one's own account: proved where it leads, told where it led, undone by whoever was there before."""

import uuid

from sqlalchemy.exc import IntegrityError

from chassis.hold import refuse_while_held
from chassis.problems import NotFound
from events import Sealed, seal
from events.identity import ContactChanged
from identifiers import email as emails
from identifiers import phone as phones
from services.identity import access
from services.identity.actions import codes, pacing, passwords, second_factor, sessions, totp
from services.identity.config import IdentityWork
from services.identity.errors import AddressTaken, ObjectionOver, PhoneExpected, SameContact
from services.identity.models import Account, ContactChange
from services.identity.rules import pace

CHANNELS = {"email": "email", "phone": "sms"}
"""By which channel the code of a change goes: to the very address that is to be proved."""
MASKED = {"email": emails.masked, "phone": phones.masked}


def ask_email(work: IdentityWork, email: str, password: str) -> ContactChange:
    """Send a code to a new e-mail, the same whoever else signs in with it.

    Raises ``Held``, ``SecondFactorExpected``, ``WrongPassword``, ``SameContact`` or ``TooMany``.
    """
    refuse_while_held(work)
    return _ask(work, "email", email, password)


def ask_phone(work: IdentityWork, phone: str, password: str) -> ContactChange:
    """Send a code to a new mobile.

    Raises ``Held``, ``PhoneExpected``, ``SecondFactorExpected``, ``WrongPassword``, ``SameContact`` or ``TooMany``.
    """
    refuse_while_held(work)
    if not phones.is_mobile(phone):
        raise PhoneExpected
    return _ask(work, "phone", phone, password)


def confirm(work: IdentityWork, change_id: uuid.UUID, typed: str) -> Account:
    """Give the code that was sent: the change is done, every other way in is closed, sensitive acts wait a day.

    Raises ``Held``, also for what was asked before the hold began, ``NotFound``, ``WrongCode``, ``TooMany`` or ``AddressTaken``.
    """
    refuse_while_held(work)
    change, account = access.own_change(work, change_id), access.expected_account(work)
    if change is None:
        raise NotFound
    codes.redeem_within(work, account.subject, change.request, typed)
    change.former = _move(work, account, change.what, change.value)
    token, hold_until = change.confirm(work.now), account.hold(work.now)
    passwords.call_back(work, account)
    sessions.end_others(work)
    work.emit(_told(account, change, hold_until=hold_until, objection=Sealed(token)))
    work.audit(f"account.{change.what}_changed", account.subject, change=str(change.id))
    return account


def object_to(work: IdentityWork, token: str) -> None:
    """Undo a change that somebody else made, and all that followed it: nothing that was opened since stays open.

    Whoever objects to a later change does not take the right to object to an earlier one away. The password is locked: whoever did this
    knew it. Raises ``ObjectionOver`` or ``AddressTaken``.
    """
    change = access.change_of_objection(work, token)
    account = access.account(work, change.account_id) if change else None
    if change is None or account is None:
        raise ObjectionOver
    had_phone = account.phone is not None
    for done in access.changes_since(work, change):
        _move(work, account, done.what, done.former)
        done.objection_hash = None
    totp.forget_since(work, account, change.confirmed_at)
    account.lock_password()
    hold_until = account.hold(work.now)
    passwords.close_other_ways(work, account)
    sessions.end_all_of(work, account)
    work.emit(_told(account, change, hold_until=hold_until, objected=True, phone_removed=had_phone and account.phone is None))
    work.audit(f"account.{change.what}_restored", account.subject, change=str(change.id))


def masked(change: ContactChange) -> str:
    """Where the code of a change went, as a screen may repeat it."""
    return MASKED[change.what](change.value)


def _ask(work: IdentityWork, what: str, value: str, password: str) -> ContactChange:
    account = access.expected_account(work)
    second_factor.expect(work)
    second_factor.confirm(work, account, password)
    if value == getattr(account, what):
        raise SameContact
    pacing.spend(work, "contact-change", account.subject, pace.ASKING)
    owned = {"account_id": account.id, "brand": account.brand, "space": account.space}
    change = ContactChange(id=uuid.uuid4(), what=what, value=value, asked_at=work.now, **owned)
    work.session.add(change)
    work.session.flush()
    codes.issue(work, codes.Parcel(change.request, account.subject, "contact_change", account.kind, CHANNELS[what], value))  # type: ignore[arg-type]
    work.audit(f"account.{what}_change_asked", account.subject, change=str(change.id))
    return change


def _move(work: IdentityWork, account: Account, what: str, value: str | None) -> str | None:
    """Take the new e-mail or phone; returns the former one. Who proved a mailbox may know that it serves already; nobody else does."""
    try:
        with work.session.begin_nested():
            former = account.reach(what, value)
            work.session.flush()
    except IntegrityError as error:
        raise AddressTaken from error
    return former


def _told(account: Account, change: ContactChange, **how: object) -> ContactChanged:
    former = change.value if how.get("objected") else change.former
    told = {"account_id": account.id, "kind": account.kind, "reference": account.reference, "what": change.what}
    return ContactChanged(email=Sealed(account.email or ""), phone=seal(account.phone), former=seal(former), **told, **how)  # type: ignore[arg-type]
