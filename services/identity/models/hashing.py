"""How passwords are hashed: Argon2id, at most ten at a time, so that sign-ins can slow the service but never exhaust its memory."""

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

PARALLEL = 10
"""10 x 19 MiB: what sign-ins may take of the memory of a process."""
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor for Argon2id
_turns = threading.BoundedSemaphore(PARALLEL)


def hashed(password: str) -> str:
    """The password as it is stored."""
    with _turns:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one stored; takes as long when there is none, so that a stranger learns nothing from the delay."""
    expected = stored or _nobodys()
    with _turns:
        try:
            _hasher.verify(expected, password)
        except VerificationError:
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("le mot de passe de personne")
