"""Opening a space with a form: who one is, under which contract, a password; members recognises the person, a code the e-mail (S2:7-24).

Nobody is told whether a contract exists: the answer is the same, and only a mailbox sees what comes next.
"""

import uuid
from datetime import date
from typing import Any

from chassis.problems import Invalid
from events import Sealed
from events.identity import AccountAsked
from events.members import AccountMatched
from services.identity import access
from services.identity.actions import accounts, activations, codes, pacing, passwords, terms
from services.identity.actions.second_factor import network
from services.identity.config import IdentityWork
from services.identity.errors import BORN_LATER, Elsewhere, WrongCode
from services.identity.models import Account, Opening, hashing
from services.identity.rules import pace

WAY = "open_form"
WRITTEN = ("%d%m%Y", "%Y%m%d", "%d%m%y")
"""How a birth date hides in a password."""


def ask(work: IdentityWork, form: dict[str, Any]) -> Opening:
    """Take note of a filled form, and ask members whether it is somebody's.

    Raises ``Elsewhere``, ``Invalid``, ``PasswordRefused``, ``TermsChanged`` or ``TooMany``, none of which depends on who is known.
    """
    if work.brand.own.activation.ways.get(work.actor.space) != WAY:
        raise Elsewhere
    if form["birth_on"] > work.today:
        raise Invalid.at("birth_on", BORN_LATER)
    _count(work, form)
    opening = _opening(work, form)
    work.session.add(opening)
    work.session.flush()
    work.emit(_asked(opening, form))
    return opening


def recognise(work: IdentityWork, fact: AccountMatched) -> None:
    """Members recognised the person: a code goes to the e-mail of the form; when the space is open already, a link to a new password."""
    opening = access.opening(work, fact.opening_id)
    if opening is None or opening.account_id:
        return
    account = accounts.of_person(work, fact.person_id, opening.space)
    opening.account_id = account.id
    if account.activated_at:
        _remind(work, account, opening)
    elif accounts.is_free(work, account, opening.email):
        codes.issue_quietly(work, codes.Parcel(opening.request, account.subject, "activation", "member", "email", opening.email))
    else:
        work.audit("account.email_taken", account.subject)


def confirm(work: IdentityWork, opening_id: uuid.UUID, typed: str) -> Account:
    """Give the code that came by e-mail: the space is open. Raises ``WrongCode`` or ``TooMany``, the same for a form of nobody.

    Sensitive acts wait for a day: the e-mail is the form's, not one that was known before.
    """
    opening = access.opening_in_space(work, opening_id)
    unknown = f"unknown:{opening_id}"
    codes.redeem_within(work, opening.whose if opening else unknown, opening.request if opening else unknown, typed)
    account = access.account(work, opening.account_id) if opening else None
    if opening is None or account is None or account.activated_at or not accounts.is_free(work, account, opening.email):
        raise WrongCode(remaining=0)
    account.email, account.phone = opening.email, accounts.mobile(opening.phone)
    account.keep(opening.password_hash, work.now)
    account.hold(work.now)
    opening.completed_at = work.now
    terms.accept_with_form(work, account, opening)
    activations.tell(work, opening.id, account, account.reference)
    return account


def _count(work: IdentityWork, form: dict[str, Any]) -> None:
    """A robot that looks for a person under a contract, or for a contract of a person, is stopped before it finds."""
    pacing.spend(work, "visit", work.actor.address, pace.VISITS)
    pacing.spend(work, "opening-from", network(work), pace.OPENINGS_FROM)
    pacing.spend(work, "opening", f"{work.brand_key}:{work.actor.space}:{form['email']}", pace.ASKING)
    for known in (form["last_name"].casefold(), form["birth_on"].isoformat()):
        pacing.spend(work, "opening-of", f"{work.brand_key}:{form['contract_number']}:{known}", pace.OPENINGS_OF)


def _opening(work: IdentityWork, form: dict[str, Any]) -> Opening:
    accepted = terms.in_force(work, work.actor.space, form["terms_version"])
    opening = Opening(
        brand=work.brand_key,
        space=work.actor.space,
        email=form["email"],
        phone=form["phone"],
        first_name=form["first_name"],
        last_name=form["last_name"],
        terms_version=accepted.version,
        terms_digest=accepted.digest,
        network=network(work),
        asked_at=work.now,
    )
    opening.password_hash = hashing.hashed(passwords.accepted(work, opening, form["password"], *_hidden(form)))
    return opening


def _hidden(form: dict[str, Any]) -> tuple[str, ...]:
    born: date = form["birth_on"]
    return form["contract_number"], *(born.strftime(shape) for shape in WRITTEN)


def _asked(opening: Opening, form: dict[str, Any]) -> AccountAsked:
    return AccountAsked(
        opening_id=opening.id,
        first_name=Sealed(opening.first_name),
        last_name=Sealed(opening.last_name),
        birth_on=Sealed(form["birth_on"].isoformat()),
        contract_number=Sealed(form["contract_number"]),
    )


def _remind(work: IdentityWork, account: Account, opening: Opening) -> None:
    """Whoever forgot that the space is open gets there too; another address than the account's gets nothing."""
    if account.email == opening.email:
        passwords.send_link(work, account)
