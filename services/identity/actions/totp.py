"""Authenticator applications, an option for members and employers: enrolled, proved, used, removed; and their recovery codes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from events import Sealed
from events.identity import FactorChange, SecondFactorChanged
from services.identity import access
from services.identity.actions import devices, second_factor
from services.identity.actions.ports import ReadTotp
from services.identity.config import IdentityWork
from services.identity.errors import TotpKnown, TotpRequired, WrongCode
from services.identity.models import Account, RecoveryCode, TotpEnrolment
from services.identity.rules import codes, pace

RECOVERY_CODES = 10
AS_WRITTEN: dict[str, Any] = {"synchronize_session": False}


def begin(work: IdentityWork, password: str) -> tuple[str, Account]:
    """A new secret for an application, which protects nothing before it is proved; an older one that was not is forgotten.

    Raises ``SecondFactorExpected``, ``WrongPassword``, ``TooMany`` or ``TotpKnown``.
    """
    account = access.expected_account(work)
    second_factor.expect(work)
    second_factor.confirm(work, account, password)
    if account.totp_secret:
        raise TotpKnown
    secret = codes.totp_secret()
    work.session.execute(delete(TotpEnrolment).where(TotpEnrolment.account_id == account.id))
    work.session.add(TotpEnrolment(account_id=account.id, secret=secret, begun_at=work.now))
    return secret, account


def prove(work: IdentityWork, typed: str, read_totp: ReadTotp) -> list[str]:
    """The first code of the application: from now on it is a second factor. Returns the recovery codes, told once.

    Raises :class:`WrongCode`, and the try stays counted. Without a strong session behind it, sensitive acts wait for a day.
    """
    account, enrolment = access.expected_account(work), access.own_enrolment(work)
    if enrolment is None or enrolment.tries >= pace.CODE_TRIES:
        raise WrongCode(remaining=0)
    enrolment.tries += 1
    step = read_totp(enrolment.secret, codes.canonical(typed), work.now)
    if step is None:
        raise WrongCode(remaining=pace.CODE_TRIES - enrolment.tries)
    account.totp_secret, account.totp_step = enrolment.secret, step
    work.session.delete(enrolment)
    if not work.actor.strong:
        account.hold(work.now)
    _tell(work, account, "totp_added")
    return _recovery_codes(work, account, work.now)


def remove(work: IdentityWork, password: str, typed: str, read_totp: ReadTotp) -> None:
    """The application protects nothing any more: the password and one of its codes, or a recovery code, say that it is the owner who asks.

    Raises ``WrongPassword``, ``WrongCode``, ``TooMany`` or ``TotpRequired``.
    """
    account = access.expected_account(work)
    if account.kind == "caseworker":
        raise TotpRequired
    second_factor.confirm(work, account, password)
    second_factor.spend_try(work, account)
    if not (opens(work, account, typed, read_totp) or recovers(work, account, typed)):
        raise WrongCode
    account.totp_secret = None
    account.hold(work.now)
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    devices.distrust_all(work)
    _tell(work, account, "totp_removed")


def forget_since(work: IdentityWork, account: Account, since: datetime | None) -> None:
    """An application that came after a change that was undone is the thief's: its codes open nothing, nor do those on his paper."""
    newer = access.recovery_made_at(work, account)
    if account.kind == "caseworker" or since is None or newer is None or newer < since:
        return
    account.totp_secret = None
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    _tell(work, account, "totp_removed")


def give(work: IdentityWork, account: Account, typed: str, read_totp: ReadTotp) -> None:
    """Use up a code of the account's application. Raises ``WrongCode``, and the try stays counted, or ``TooMany``."""
    second_factor.spend_try(work, account)
    if not opens(work, account, typed, read_totp):
        raise WrongCode
    second_factor.forgive_tries(work, account)


def opens(work: IdentityWork, account: Account, typed: str, read_totp: ReadTotp) -> bool:
    """Whether this is a code of the account's application; it opens once: its step must be later than the last (RFC 6238 §5.2)."""
    step = read_totp(account.totp_secret, codes.canonical(typed), work.now) if account.totp_secret else None
    fresh = update(Account).where(Account.id == account.id, Account.totp_step < (step or 0)).values(totp_step=step)
    return step is not None and work.session.scalar(fresh.returning(Account.id).execution_options(**AS_WRITTEN)) is not None


def recovers(work: IdentityWork, account: Account, typed: str) -> bool:
    """Whether this is a recovery code of the account that was not used yet; its owner is told."""
    mine = RecoveryCode.account_id == account.id, RecoveryCode.hash == RecoveryCode.fingerprint(account.id, typed)
    used = update(RecoveryCode).where(*mine, RecoveryCode.used_at.is_(None)).values(used_at=work.now)
    found = work.session.scalar(used.returning(RecoveryCode.hash).execution_options(**AS_WRITTEN)) is not None
    if found:
        _tell(work, account, "recovery_used")
    return found


def _recovery_codes(work: IdentityWork, account: Account, now: datetime) -> list[str]:
    told = [codes.new("post") for _ in range(RECOVERY_CODES)]
    work.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    work.session.add_all(RecoveryCode(account_id=account.id, hash=RecoveryCode.fingerprint(account.id, code), made_at=now) for code in told)
    return told


def _tell(work: IdentityWork, account: Account, change: FactorChange) -> None:
    work.emit(
        SecondFactorChanged(
            account_id=account.id,
            kind=account.kind,  # type: ignore[arg-type]
            reference=account.reference,
            email=Sealed(account.email or ""),
            change=change,
            changed_at=work.now,
        )
    )
    work.audit(f"second_factor.{change}", account.subject)
