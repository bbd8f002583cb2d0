"""Passwords: accepted by the rule of their space, forgotten and chosen again by a link (S2:43), changed by whoever knows the old one."""

from typing import Any, Protocol

from sqlalchemy import update

from chassis import inbox
from chassis.problems import TooMany
from events import Sealed
from events.identity import PasswordChanged, PasswordLinkIssued
from services.identity import access
from services.identity.actions import codes, oidc_links, pacing, second_factor, sessions, totp
from services.identity.actions.ports import ReadTotp
from services.identity.config import IdentityWork
from services.identity.errors import PasswordRefused, WrongResetLink
from services.identity.models import Account, Activation, Invitation, PasswordReset
from services.identity.rules import pace, passwords


class Owner(Protocol):
    """Whose password it is, or will be: what a password must not contain."""

    @property
    def space(self) -> str: ...
    @property
    def first_name(self) -> str: ...
    @property
    def last_name(self) -> str: ...
    @property
    def email(self) -> str | None: ...


def accepted(work: IdentityWork, owner: Owner, password: str, *also_known: str) -> str:
    """The password as it is hashed. Raises :class:`PasswordRefused` with each criterion it does not meet."""
    plain = passwords.normalised(password)
    missing = work.brand.own.password[owner.space].policy.unmet(plain, known_of(work, owner, *also_known))
    if missing:
        raise PasswordRefused(criteria=[criterion._asdict() for criterion in missing])
    return plain


def known_of(work: IdentityWork, owner: Owner, *also_known: str) -> set[str]:
    """What everybody knows of an owner, folded."""
    brand = work.brand.identity
    return passwords.clues(owner.first_name, owner.last_name, owner.email or "", brand.key, brand.name, *also_known)


def count_check(work: IdentityWork) -> None:
    """Count one check of a candidate. Raises ``TooMany``."""
    pacing.spend(work, "password-check", work.actor.address, pace.CHECKS)


def ask_reset(work: IdentityWork, email: str) -> None:
    """Take note that somebody forgot the password of ``email``; who that is, is looked up afterwards. Raises ``TooMany``."""
    pacing.spend(work, "visit", work.actor.address, pace.VISITS)
    pacing.spend(work, "reset", f"{work.brand_key}:{work.actor.space}:{email}", pace.ASKING)
    work.session.add(PasswordReset(brand=work.brand_key, space=work.actor.space, email=email, asked_at=work.now))
    inbox.wake(work)


def resolve_next(work: IdentityWork) -> int:
    """Look into the oldest request: a link leaves when the e-mail opens an account. Returns how many were looked into."""
    asked = access.unresolved_reset(work)
    if asked is None:
        return 0
    asked.resolved_at = work.now
    branded = work.for_brand(asked.brand)
    account = access.account_of_login(branded, asked.space, asked.email)
    if account is not None and account.chooses_by_link:
        send_link(branded, account, asked)
    return 1


def send_link(work: IdentityWork, account: Account, asked: PasswordReset | None = None) -> None:
    """Mail a link to choose another password to the address on file; the older links are dead. Too many, and none leaves."""
    asked = asked or PasswordReset(brand=account.brand, space=account.space, email=account.email or "", asked_at=work.now)
    try:
        pacing.spend(work, "sent:password_reset", asked.email, pace.SENDING)
    except TooMany:
        work.audit("password.link_withheld", account.subject)
        return
    access.take_turn(work, f"reset:{account.id}")
    _kill_links(work, account)
    token = asked.arm(account.id, work.now)
    work.session.add(asked)
    work.session.flush()
    work.emit(_link(account, asked, token))
    work.audit("password.link_issued", account.subject)


def reset(work: IdentityWork, form: dict[str, Any], read_totp: ReadTotp) -> None:
    """Choose another password with the link; a caseworker gives a code of her application too, as she does wherever she comes in.

    Raises ``WrongResetLink``, ``PasswordRefused``, ``WrongCode`` (the link still serves after both) or ``TooMany``. Sensitive acts wait for
    a day: whoever holds the mailbox is not always who holds the account.
    """
    link, account = _followed(work, form["token"])
    plain = accepted(work, account, form["password"])
    if account.kind == "caseworker":
        totp.give(work, account, form["code"] or "", read_totp)
    account.choose(plain, work.now)
    account.hold(work.now)
    link.used_at = work.now
    close_other_ways(work, account)
    sessions.end_all_of(work, account)
    _tell(work, account, "reset")


def change(work: IdentityWork, current: str, password: str) -> None:
    """Choose another password, knowing the current one; this session goes on, all the others end.

    Raises ``WrongPassword``, ``PasswordRefused`` or ``TooMany``.
    """
    account = access.expected_account(work)
    second_factor.confirm(work, account, current)
    account.choose(accepted(work, account, password), work.now)
    close_other_ways(work, account)
    sessions.end_others(work)
    _tell(work, account, "changed")


def close_other_ways(work: IdentityWork, account: Account) -> None:
    """Whatever was asked, sent, tied or counted before this password is over."""
    call_back(work, account)
    oidc_links.untie_all(work, account)
    pacing.forgive(work, "password", login_of(account))


def call_back(work: IdentityWork, account: Account) -> None:
    """What was sent to open an account opens nothing any more: links, codes, and the proofs that codes gave."""
    proved = update(Activation).where(Activation.account_id == account.id).values(proof_until=None)
    work.session.execute(proved.execution_options(synchronize_session=False))  # before codes, as `activations.prove` does
    codes.kill(work, account.subject)
    _kill_links(work, account)
    waiting = Invitation.account_id == account.id, Invitation.used_at.is_(None), Invitation.killed_at.is_(None)
    work.session.execute(update(Invitation).where(*waiting).values(killed_at=work.now).execution_options(synchronize_session=False))


def login_of(account: Account) -> str:
    """What wrong passwords of strangers are counted under."""
    return f"{account.brand}:{account.space}:{account.email}"


def _followed(work: IdentityWork, token: str) -> tuple[PasswordReset, Account]:
    """The live link of a token, and whose it is; wrong ones are counted by address."""
    hit = pacing.spend(work, "link", work.actor.address, pace.LINKS)
    link = access.live_reset(work, token)
    account = access.account(work, link.account_id) if link else None
    if link is None or account is None or not account.chooses_by_link:
        raise WrongResetLink
    pacing.take_back(work, hit)
    return link, account


def _kill_links(work: IdentityWork, account: Account) -> None:
    live = PasswordReset.account_id == account.id, PasswordReset.used_at.is_(None), PasswordReset.killed_at.is_(None)
    work.session.execute(update(PasswordReset).where(*live).values(killed_at=work.now).execution_options(synchronize_session=False))


def _link(account: Account, asked: PasswordReset, token: str) -> PasswordLinkIssued:
    assert asked.expires_at is not None
    return PasswordLinkIssued(
        link_id=asked.id,
        account_id=account.id,
        kind=account.kind,  # type: ignore[arg-type]
        to=Sealed(account.email or ""),
        first_name=Sealed(account.first_name),
        token=Sealed(token),
        expires_at=asked.expires_at,
    )


def _tell(work: IdentityWork, account: Account, how: str) -> None:
    work.emit(
        PasswordChanged(
            account_id=account.id,
            kind=account.kind,  # type: ignore[arg-type]
            reference=account.reference,
            email=Sealed(account.email or ""),
            how=how,  # type: ignore[arg-type]
            changed_at=work.now,
        )
    )
    work.audit(f"password.{how}", account.subject)
