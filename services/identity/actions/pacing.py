"""Counting tries and sendings in the database, before what they allow: parallel requests cannot pass a limit together."""

import math

from sqlalchemy import delete

from chassis.problems import TooMany
from services.identity import access
from services.identity.config import IdentityWork
from services.identity.models import VAULT, Hit
from services.identity.rules import pace


def spend(work: IdentityWork, what: str, value: str, limits: tuple[pace.Limit, ...]) -> Hit:
    """Count one ``what`` of ``value`` (an address, an account…). Raises ``TooMany`` with the seconds to wait when a limit is reached."""
    key = _key(what, value)
    wait = pace.wait_before(access.hits(work, key, work.now - pace.LONGEST), work.now, limits)
    if wait:
        raise TooMany(retry_after=math.ceil(wait.total_seconds()))
    return _count(work, key)


def count(work: IdentityWork, what: str, value: str) -> int:
    """Count one more, without limit; returns how many there are in a day, this one included."""
    key = _key(what, value)
    before = len(access.hits(work, key, work.now - pace.LONGEST))
    _count(work, key)
    return before + 1


def forgive(work: IdentityWork, what: str, value: str) -> None:
    """The right answer came: the wrong ones before it count no more."""
    work.session.execute(delete(Hit).where(Hit.key == _key(what, value)))


def take_back(work: IdentityWork, hit: Hit) -> None:
    """This one try was right and counts no more; the others still do."""
    work.session.delete(hit)


def _count(work: IdentityWork, key: bytes) -> Hit:
    hit = Hit(brand=work.brand_key, account_id=work.actor.account_id, key=key, at=work.now)
    work.session.add(hit)
    work.session.flush()
    return hit


def _key(what: str, value: str) -> bytes:
    return VAULT.fingerprint(f"{what}:{value}")
