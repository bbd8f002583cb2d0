"""How passwords are hashed: Argon2id, at most ten at a time, so that sign-ins can slow the service but never exhaust its memory.

On threads of their own: the allocator keeps some 29 MiB of each thread that hashed once, so ten threads cost ten times that for ever, and
those of the web server, had they hashed, as many times as there are of them (``make figures``).
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from services.identity.errors import Crowded

P = ParamSpec("P")
R = TypeVar("R")

PARALLEL = 10
"""What sign-ins may take of the memory of a process."""
PATIENCE_S = 10.0
"""How long a sign-in waits for its turn before it is told to come back."""
COME_BACK_S = 5
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's floor for Argon2id
_turns = ThreadPoolExecutor(PARALLEL, thread_name_prefix="argon2")


def _renew() -> None:
    """A process that was forked has the pool and none of its threads: it gets a pool of its own."""
    global _turns
    _turns = ThreadPoolExecutor(PARALLEL, thread_name_prefix="argon2")


os.register_at_fork(after_in_child=_renew)


def hashed(password: str) -> str:
    """The password as it is stored. Raises :class:`Crowded`."""
    return _in_turn(_hasher.hash, password)


def matches(stored: str | None, password: str) -> bool:
    """Whether ``password`` is the one stored; takes as long when there is none, so that a stranger learns nothing from the delay.

    Raises :class:`Crowded`.
    """
    try:
        _in_turn(_hasher.verify, stored or _nobodys(), password)
    except VerificationError:
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with older parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _in_turn(act: Callable[P, R], *args: P.args, **options: P.kwargs) -> R:
    turn = _turns.submit(act, *args, **options)
    try:
        return turn.result(PATIENCE_S)
    except TimeoutError:
        if turn.cancel():
            raise Crowded(retry_after=COME_BACK_S) from None
        return turn.result()  # its turn had come


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hashed("le mot de passe de personne")
