"""Identifiers: UUIDv7, which sort by time and say nothing of what they name."""

import secrets
import threading
import time
import uuid

TICKS = 4_096
"""To a millisecond: as many as the twelve bits beside it hold (RFC 9562 §6.2, method 3)."""
_turn = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A UUID of version 7 (RFC 9562): 48 bits of milliseconds, 12 of their fraction, 62 random bits.

    Those of one process sort in the order they were made, even within a millisecond: what was written first is listed first.
    """
    milliseconds, fraction = divmod(_tick(), TICKS)
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0x2 << 62 | secrets.randbits(62))


def _tick() -> int:
    """Now, in ``TICKS`` of a millisecond; always later than the one before, whatever the clock does."""
    global _last
    with _turn:
        _last = max(time.time_ns() * TICKS // 1_000_000, _last + 1)
        return _last
