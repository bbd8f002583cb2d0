"""A store that is left alone once it has failed: people are told at once, instead of each waiting ten seconds on a thread of ours."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from services.documents.config import ObjectStore
from services.documents.errors import ObjectMissing, StoreDown

FAILURES = 3
"""How many in a row are one too many: a restart fails one call, not three."""
REST_S = 5.0


class Breaker:
    """Any store, rested for ``REST_S`` after ``FAILURES`` failures in a row; then one call tries again on behalf of all."""

    def __init__(self, store: ObjectStore, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._failures, self._again_at = 0, 0.0

    def put(self, key: str, stream: BinaryIO) -> None:
        with self._trying():
            self._store.put(key, stream)

    def open(self, key: str) -> BinaryIO:
        with self._trying():
            return self._store.open(key)

    def delete(self, key: str) -> None:
        with self._trying():
            self._store.delete(key)

    def ping(self) -> None:
        """Asked of the store itself, which may have come back."""
        self._store.ping()
        self._answered()

    @contextmanager
    def _trying(self) -> Iterator[None]:
        self._enter()
        try:
            yield
        except ObjectMissing:
            self._answered()
            raise
        except StoreDown:
            self._failed()
            raise
        self._answered()

    def _enter(self) -> None:
        with self._lock:
            if self._failures < FAILURES:
                return
            if self._clock() < self._again_at:
                raise StoreDown("resting")
            self._again_at = self._clock() + REST_S  # the others wait for what this one finds

    def _failed(self) -> None:
        with self._lock:
            self._failures += 1
            self._again_at = self._clock() + REST_S

    def _answered(self) -> None:
        with self._lock:
            self._failures = 0
