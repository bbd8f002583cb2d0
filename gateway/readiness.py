"""How the services stand, as anybody may know it: they are asked once a second, whoever wants to know and however often."""

import threading
import time
from collections.abc import Collection, Mapping

from gateway.upstream import Down, Upstream

FRESH_S = 1.0


class Readiness:
    """What each service last said of itself: ``ready``, ``degraded`` or ``down``."""

    def __init__(self, upstream: Upstream, services: Collection[str]) -> None:
        self._upstream, self._services = upstream, services
        self._asking = threading.Lock()
        self._told: Mapping[str, str] = {}
        self._until = 0.0

    def told(self) -> Mapping[str, str]:
        """By service. Whoever comes while the services are being asked gets what they said before: a slow one holds nobody up."""
        if time.monotonic() >= self._until and self._asking.acquire(blocking=not self._told):
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._told

    def _ask(self) -> None:
        if time.monotonic() < self._until:  # somebody else asked while this one waited
            return
        self._told = {name: self._status(name) for name in self._services}
        self._until = time.monotonic() + FRESH_S

    def _status(self, service: str) -> str:
        try:
            return str(self._upstream.ask(service, "GET", "/_/ready").json()["status"])
        except (Down, KeyError, TypeError):
            return "down"
