"""Deleting one's own account (S2:30): access ends with the answer, the rows go right after, the others are told."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete

from chassis import inbox
from chassis.hold import refuse_while_held
from events import Sealed
from events.identity import AccountDeleted, Kept
from services.identity import access
from services.identity.actions import second_factor, sessions
from services.identity.config import IdentityWork
from services.identity.models import Account, Base, Code
from services.identity.rules import retention


@dataclass(frozen=True)
class Stays:
    """One line of the receipt."""

    what: str
    until: str
    source: str


@dataclass(frozen=True)
class Receipt:
    """What went, what stays, until when and by which text; ``deleted_at`` is absent before."""

    erased: tuple[str, ...]
    kept: tuple[Stays, ...]
    deleted_at: datetime | None = None


def foresee(work: IdentityWork) -> Receipt:
    """What the receipt would say if the account were deleted today."""
    return _receipt(work.actor.kind, work.today)


def delete_own(work: IdentityWork, password: str) -> Receipt:
    """End the account of whoever is signed in.

    Raises ``Held``, ``SecondFactorExpected``, ``WrongPassword``, ``TooMany`` or ``NotFound``.
    """
    refuse_while_held(work)
    account = access.expected_account(work)
    second_factor.expect(work)
    second_factor.confirm(work, account, password)
    receipt = _receipt(account.kind, work.today, work.now)
    told = {"account_id": account.id, "kind": account.kind, "reference": account.reference, "email": Sealed(account.email or "")}
    kept = tuple(Kept(**asdict(line)) for line in receipt.kept)
    work.emit(AccountDeleted(erased=receipt.erased, kept=kept, **told))  # type: ignore[arg-type]
    work.audit("account.deleted", account.subject, kind=account.kind)
    sessions.end_all_of(work, account)
    account.forget(work.now)
    inbox.wake(work)
    return receipt


def erase_next(work: IdentityWork) -> int:
    """Erase one deleted account with every row that names it. Returns how many there were."""
    account = access.next_deleted(work)
    if account is None:
        return 0
    work.session.execute(delete(Code).where(Code.holder == account.subject))
    for table in reversed(Base.metadata.sorted_tables):
        if "account_id" in table.c:
            work.session.execute(delete(table).where(table.c.account_id == account.id))
    work.session.execute(delete(Account).where(Account.id == account.id).execution_options(synchronize_session=False))
    work.audit("account.erased", account.subject)
    return 1


def _receipt(kind: str, today: date, deleted_at: datetime | None = None) -> Receipt:
    kept = tuple(Stays(line.what, line.until(today), line.source) for line in retention.kept(kind))
    return Receipt(retention.table().erased, kept, deleted_at)
