"""Spaces, the kind of account each one is for, and how long a session of each kind lives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

KIND_OF_SPACE = {"assure": "member", "entreprise": "employer", "conseil": "caseworker"}
"""The accounts of each space: an employer's password opens nothing at the members' door."""
SPACE_OF_KIND = {kind: space for space, kind in KIND_OF_SPACE.items()}
ALWAYS_STRONG = frozenset({"entreprise", "conseil"})
"""Where nobody may switch the second factor off (CNIL 2025-019: professional access to large bases)."""


@dataclass(frozen=True)
class Lifetime:
    """How long a session lives without use, and at most."""

    idle: timedelta
    absolute: timedelta


LIFETIMES = {
    "member": Lifetime(timedelta(minutes=30), timedelta(hours=12)),
    "employer": Lifetime(timedelta(minutes=15), timedelta(hours=12)),
    "caseworker": Lifetime(timedelta(minutes=15), timedelta(hours=12)),
    "applicant": Lifetime(timedelta(minutes=30), timedelta(hours=2)),
}
TOUCH_EVERY = timedelta(minutes=1)
"""A session writes that it was seen at most once a minute: the busiest read of the platform stays a read."""


def alive(kind: str, *, last_seen_at: datetime, expires_at: datetime, ended: bool, now: datetime) -> bool:
    """Whether a session still opens anything at ``now``."""
    return not ended and now < expires_at and now - last_seen_at <= LIFETIMES[kind].idle


def to_be_touched(last_seen_at: datetime, now: datetime) -> bool:
    """Whether it is time to write that the session was seen."""
    return now - last_seen_at >= TOUCH_EVERY
