"""One-time codes: issued to a destination, tried at most five times, used once."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, update

from chassis.ids import uuid7
from chassis.problems import TooMany
from events import Sealed
from events.identity import AccountKind, Channel, CodeIssued, CodePurpose
from services.identity import access
from services.identity.actions import pacing, sms
from services.identity.config import IdentityWork
from services.identity.errors import WrongCode
from services.identity.models import Code
from services.identity.rules import codes, pace

LIVE: tuple[ColumnElement[bool], ...] = (Code.used_at.is_(None), Code.killed_at.is_(None))


@dataclass(frozen=True)
class Parcel:
    """A code to issue: for which ``request``, whose (``holder``), what for, and where to."""

    request: str
    holder: str
    purpose: CodePurpose
    kind: AccountKind
    channel: Channel
    to: str


def issue(work: IdentityWork, parcel: Parcel) -> Code:
    """A new code on its way; the older ones of its holder are dead. Raises ``TooMany`` when the destination got too many."""
    pacing.spend(work, f"sent:{parcel.purpose}", parcel.to, pace.SENDING)
    pacing.spend(work, "sent", parcel.to, pace.SENDING_AT_ALL)
    if parcel.channel == "sms":
        sms.spend(work, parcel.to)
    access.take_turn(work, parcel.holder)
    kill(work, parcel.holder)
    typed, code = codes.new(parcel.channel), _row(work, parcel)
    code.hash = Code.fingerprint(code.id, typed)
    work.session.add(code)
    work.emit(
        CodeIssued(
            code_id=code.id,
            purpose=parcel.purpose,
            kind=parcel.kind,
            channel=parcel.channel,
            to=Sealed(parcel.to),
            code=Sealed(typed),
            expires_at=code.expires_at,
        )
    )
    work.audit("code.issued", parcel.holder, purpose=parcel.purpose, channel=parcel.channel)
    return code


def issue_quietly(work: IdentityWork, parcel: Parcel, *instead: Parcel) -> None:
    """Issue a code that nobody waits for an answer about: when its destination got too many, the next of ``instead``, else none."""
    try:
        issue(work, parcel)
    except TooMany:
        work.audit("code.withheld", parcel.holder, purpose=parcel.purpose, channel=parcel.channel)
        if instead:
            issue_quietly(work, *instead)


def kill(work: IdentityWork, holder: str) -> None:
    """No live code of ``holder`` opens anything any more."""
    work.session.execute(update(Code).where(Code.holder == holder, *LIVE).values(killed_at=work.now))


def redeem_within(work: IdentityWork, whose: str, request: str, typed: str) -> None:
    """Use up the live code of ``request``, while ``whose`` codes were not mistaken too often today. Raises ``TooMany`` or ``WrongCode``."""
    pacing.spend(work, "wrong-code", whose, pace.WRONG_CODES)
    redeem(work, request, typed)
    pacing.forgive(work, "wrong-code", whose)


def redeem(work: IdentityWork, request: str, typed: str) -> str:
    """Use up the live code of ``request``; returns the channel it came by. Raises :class:`WrongCode`, and the try stays counted.

    The try is written first, in one statement that also says what to compare with: of any number of parallel guesses five are looked at.
    Tries are told per request, known or not: a request that nobody can answer looks like any other.
    """
    tried = pacing.count(work, "tried", request)
    live = Code.request == request, Code.expires_at > work.now, Code.tries < pace.CODE_TRIES, *LIVE
    counted = update(Code).where(*live).values(tries=Code.tries + 1).returning(Code.id, Code.hash, Code.channel)
    found = work.session.execute(counted.execution_options(synchronize_session=False)).one_or_none()
    if found is None or Code.fingerprint(found.id, typed) != found.hash:
        raise WrongCode(remaining=max(0, pace.CODE_TRIES - tried))
    work.session.execute(update(Code).where(Code.id == found.id).values(used_at=work.now).execution_options(synchronize_session=False))
    pacing.forgive(work, "tried", request)
    return str(found.channel)


def _row(work: IdentityWork, parcel: Parcel) -> Code:
    return Code(
        id=uuid7(),
        brand=work.brand_key,
        request=parcel.request,
        holder=parcel.holder,
        purpose=parcel.purpose,
        channel=parcel.channel,
        created_at=work.now,
        expires_at=work.now + codes.life(parcel.channel),
    )
