"""An independent witness: it reads the databases with plain SQL and knows nothing of the code that wrote them."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg

from affilia.local import ServiceDatabase
from gateway.embedded import find

STILL_S = 1.0
LOOK_S = 0.1

UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
UNFINISHED = "SELECT count(*) FROM inbox WHERE state <> 'done'"
UNDELIVERED = "SELECT count(*) FROM notice WHERE state IN ('pending', 'handing_over')"
TOLD = "SELECT count(*) FROM outbox"
RECEIVED = "SELECT count(*) FROM inbox"
VERSIONS = "SELECT subject, array_agg(subject_version ORDER BY id) FROM outbox GROUP BY subject"
ARRIVALS = "SELECT headers->>'source', subject, array_agg((headers->>'version')::int ORDER BY position) FROM inbox GROUP BY 1, 2"
APPLICATIONS = """
SELECT headers->>'source', subject, array_agg((headers->>'version')::int ORDER BY done_at, position)
FROM inbox WHERE state = 'done' GROUP BY 1, 2
"""
SENT = "SELECT event_id::text, name, subject FROM outbox"
APPLIED = "SELECT event_id::text, name FROM inbox WHERE state = 'done'"


@dataclass
class Findings:
    """What is wrong, in words; nothing when all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    disordered: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{len(self.lost)} perdus, {len(self.doubled)} doublés, {len(self.disordered)} fautes d'ordre"

    def __bool__(self) -> bool:
        return bool(self.lost or self.doubled or self.disordered)


class Witness:
    """Reads every service's database as its owner. ``urls`` maps services to libpq addresses, ``listeners`` to the facts they hear."""

    def __init__(self, urls: Mapping[str, str], listeners: Mapping[str, frozenset[str]]) -> None:
        self.urls, self.listeners = urls, listeners

    @classmethod
    def of(cls, databases: Mapping[str, ServiceDatabase]) -> "Witness":
        urls = {name: database.owner_url.replace("+psycopg", "") for name, database in databases.items()}
        return cls(urls, {name: service.listens_to for name, service in find(urls).items()})

    def rows(self, service: str, query: str) -> list[Any]:
        with psycopg.connect(self.urls[service]) as connection:
            connection.execute("SELECT set_config('affilia.kind', 'system', false)")
            return connection.execute(query).fetchall()

    def write(self, service: str, statement: str) -> None:
        """Change what no door changes: how old something is."""
        with psycopg.connect(self.urls[service]) as connection:
            connection.execute("SELECT set_config('affilia.kind', 'system', false)")
            connection.execute(statement)

    def drained(self) -> bool:
        """Whether every fact told was handed over and applied, and every notice has left."""
        waiting = self._sum(UNSENT) + self._sum(UNFINISHED) + self.rows("messaging", UNDELIVERED)[0][0]
        return waiting == 0 and not self.lost()

    def settle(self, patience: float) -> float:
        """Wait until all is drained and nothing moves any more; how many seconds it took. Raises ``TimeoutError``.

        What nobody has told here, a fact from outside on its way through the broker, is seen by what it moves.
        """
        since = still_since = time.monotonic()
        seen = (-1, -1)
        while (now := time.monotonic()) - still_since < STILL_S:
            if now - since > patience:
                raise TimeoutError(f"{self._sum(UNSENT)} unsent, {self._sum(UNFINISHED)} unfinished, {len(self.lost())} on their way")
            before, seen = seen, (self._sum(TOLD), self._sum(RECEIVED))
            if seen != before or not self.drained():
                still_since = time.monotonic()
            time.sleep(LOOK_S)
        return still_since - since

    def lost(self) -> list[str]:
        """The facts told that one who listens to them has not applied, or not yet."""
        told = self._told()
        return [
            f"{name} ({subject}) never reached {service}"
            for service, names in self.listeners.items()
            for applied in [self._applied(service)]
            for event, (name, subject) in told.items()
            if name in names and not applied[event]
        ]

    def events(self) -> Findings:
        """Every fact told is applied exactly once by each listener, and subjects keep their order everywhere."""
        doubled = [
            f"{event} applied {times} times by {service}"
            for service in self.urls
            for event, times in self._applied(service).items()
            if times > 1
        ]
        return Findings(self.lost(), doubled, [fault for service in self.urls for fault in self._order_faults(service)])

    def _sum(self, query: str) -> int:
        return sum(self.rows(name, query)[0][0] for name in self.urls)

    def _told(self) -> dict[str, tuple[str, str]]:
        return {event: (name, subject) for service in self.urls for event, name, subject in self.rows(service, SENT)}

    def _applied(self, service: str) -> Counter[str]:
        return Counter(event for event, _name in self.rows(service, APPLIED))

    def _order_faults(self, service: str) -> list[str]:
        gaps = [
            f"{service}: versions of {subject} are {versions}"
            for subject, versions in self.rows(service, VERSIONS)
            if versions != list(range(1, len(versions) + 1))
        ]
        late = [
            f"{service}: {subject} from {source} {how} as {versions}"
            for how, query in {"arrived": ARRIVALS, "was applied": APPLICATIONS}.items()
            for source, subject, versions in self.rows(service, query)
            if versions != sorted(versions, key=lambda version: version or 0)
        ]
        return gaps + late
