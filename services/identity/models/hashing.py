"""How passwords are hashed: Argon2id, at most ten at a time, so that sign-ins can slow the service but never exhaust its memory."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from services.identity.errors import Crowded

PARALLEL = 10
"""10 x 19 MiB: what sign-ins may take of the memory of a process."""
PATIENCE_S = 10.0
"""How long a sign-in waits for its turn before it is told to come back."""
COME_BACK_S = 5
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor for Argon2id
_turns = threading.BoundedSemaphore(PARALLEL)


def hashed(password: str) -> str:
    """The password as it is stored. Raises :class:`Crowded`."""
    with _turn():
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one stored; takes as long when there is none, so that a stranger learns nothing from the delay.

    Raises :class:`Crowded`.
    """
    expected = stored or _nobodys()
    with _turn():
        try:
            _hasher.verify(expected, password)
        except VerificationError:
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE_S):
        raise Crowded(retry_after=COME_BACK_S)
    try:
        yield
    finally:
        _turns.release()


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("le mot de passe de personne")
