"""Accounts: known from what members tells, created for caseworkers."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.ids import uuid7
from events import Sealed, opened
from events.identity import AccessRearmed, RearmedBy
from events.members import PersonRegistered
from identifiers import email as emails
from identifiers import phone as phones
from services.identity import access
from services.identity.actions import passwords
from services.identity.config import IdentityWork
from services.identity.models import Account
from services.identity.rules import codes
from services.identity.rules.spaces import SPACE_OF_KIND

CASEWORKERS = "conseil"


@dataclass(frozen=True)
class Provisioning:
    """What a new caseworker puts into an authenticator application: ``secret`` in base32, told by a safe hand."""

    account_id: uuid.UUID
    secret: str
    created: bool


def register_person(work: IdentityWork, person: PersonRegistered, told_at: datetime) -> None:
    """Know an insured person who may open an account one day; a newer word corrects an account that nobody activated yet (S0:74)."""
    account = of_person(work, person.person_id, SPACE_OF_KIND["member"])
    if account.activated_at or (account.told_at and account.told_at > told_at):
        return
    account.first_name, account.last_name = person.first_name.value, person.last_name.value
    account.email = _free_email(work, account, _read(emails.parse, opened(person.email)))
    account.phone = mobile(opened(person.phone))
    account.told_at = told_at
    work.session.flush()


def of_person(work: IdentityWork, person_id: uuid.UUID, space: str) -> Account:
    """The account of an insured person: a stub when nothing was heard of her yet."""
    account = access.member_account(work, person_id)
    if account is None:
        account = Account(
            id=uuid7(), brand=work.brand_key, space=space, kind="member", reference=f"person:{person_id}", first_name="", last_name=""
        )
        work.session.add(account)
        work.session.flush()
    return account


def is_free(work: IdentityWork, account: Account, email: str) -> bool:
    """Whether nobody else signs in with an e-mail in the account's space."""
    return access.account_of_login(work, account.space, email) in (None, account)


def create_caseworker(work: IdentityWork, email: str, first_name: str, last_name: str, password: str, role: str) -> Provisioning:
    """An account of the platform's own people, with its TOTP secret; the same e-mail again changes nothing and gives the same secret.

    ``role`` is read, handle or administer; the conditions are accepted at the first sign-in. Raises ``PasswordRefused``, and
    ``ValueError`` for an e-mail that is none.
    """
    address = emails.parse(email)
    account = access.account_of_login(work, CASEWORKERS, address)
    if account is not None:
        return Provisioning(account.id, str(account.totp_secret), created=False)
    account = _caseworker(work, address, first_name, last_name, role)
    account.choose(passwords.accepted(work, account, password), work.now)
    work.session.add(account)
    work.session.flush()
    work.audit("account.created", account.subject, kind=account.kind, role=role)
    return Provisioning(account.id, str(account.totp_secret), created=True)


def tell_rearmed(work: IdentityWork, account: Account, by: RearmedBy) -> None:
    """She comes in again with a password and an application that are new: she is told, in case it was somebody else."""
    told = {"account_id": account.id, "kind": account.kind, "reference": account.reference, "email": Sealed(account.email or "")}
    work.emit(AccessRearmed(by=by, rearmed_at=work.now, **told))  # type: ignore[arg-type]
    work.audit("caseworker.rearmed", account.subject, by=by)


def mobile(phone: str | None) -> str | None:
    """A number that can receive a code, in E.164; a landline is no second factor."""
    number = _read(phones.parse, phone)
    return number if number and phones.is_mobile(number) else None


def _caseworker(work: IdentityWork, email: str, first_name: str, last_name: str, role: str) -> Account:
    return Account(
        id=(account_id := uuid7()),
        brand=work.brand_key,
        space=CASEWORKERS,
        kind="caseworker",
        reference=f"account:{account_id}",
        email=email,
        first_name=first_name,
        last_name=last_name,
        role=role,
        totp_secret=codes.totp_secret(),
    )


def _free_email(work: IdentityWork, account: Account, email: str | None) -> str | None:
    """The e-mail, unless somebody else signs in with it already: a couple's shared box opens one account, not two."""
    if email is None or is_free(work, account, email):
        return email
    work.audit("account.email_taken", account.reference)
    return account.email


def _read(parse: Callable[[str], str], text: str | None) -> str | None:
    try:
        return parse(text) if text else None
    except ValueError:
        return None
