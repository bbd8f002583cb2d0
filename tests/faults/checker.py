"""An independent witness: it reads the databases with plain SQL and knows nothing of the code that wrote them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg

SERVICES = ("identity", "employers", "members", "affiliation", "documents", "messaging")

UNSENT = "SELECT count(*) FROM outbox WHERE sent_at IS NULL"
UNFINISHED = "SELECT count(*) FROM inbox WHERE state <> 'done'"
UNDELIVERED = "SELECT count(*) FROM notice WHERE state IN ('pending', 'handing_over')"
TOLD = "SELECT count(*) FROM outbox"
VERSIONS = "SELECT subject, array_agg(subject_version ORDER BY id) FROM outbox GROUP BY subject"
ARRIVALS = "SELECT headers->>'source', subject, array_agg((headers->>'version')::int ORDER BY position) FROM inbox GROUP BY 1, 2"
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
    """Reads every service's database as its owner. ``urls`` maps services to libpq addresses."""

    def __init__(self, urls: dict[str, str]) -> None:
        self.urls = urls

    def rows(self, service: str, query: str) -> list[Any]:
        with psycopg.connect(self.urls[service]) as connection:
            connection.execute("SELECT set_config('affilia.kind', 'system', false)")
            return connection.execute(query).fetchall()

    def drained(self) -> bool:
        """Whether every fact told was handed over and applied, and every notice has left."""
        waiting = sum(self.rows(name, query)[0][0] for name in SERVICES for query in (UNSENT, UNFINISHED))
        return waiting + self.rows("messaging", UNDELIVERED)[0][0] == 0

    def told(self) -> int:
        """How many facts were told so far."""
        return sum(self.rows(name, TOLD)[0][0] for name in SERVICES)

    def events(self, listeners: dict[str, frozenset[str]]) -> Findings:
        """Every fact told is applied exactly once by each listener, and subjects keep their order everywhere."""
        found = Findings()
        told = {event: (name, subject) for service in SERVICES for event, name, subject in self.rows(service, SENT)}
        for service, names in listeners.items():
            applied = Counter(event for event, _name in self.rows(service, APPLIED))
            found.lost += [
                f"{name} ({subject}) never reached {service}"
                for event, (name, subject) in told.items()
                if name in names and not applied[event]
            ]
            found.doubled += [f"{event} applied {times} times by {service}" for event, times in applied.items() if times > 1]
        found.disordered = [fault for service in SERVICES for fault in self._order_faults(service)]
        return found

    def _order_faults(self, service: str) -> list[str]:
        gaps = [
            f"{service}: versions of {subject} are {versions}"
            for subject, versions in self.rows(service, VERSIONS)
            if versions != list(range(1, len(versions) + 1))
        ]
        late = [
            f"{service}: {subject} from {source} arrived as {versions}"
            for source, subject, versions in self.rows(service, ARRIVALS)
            if versions != sorted(versions, key=lambda version: version or 0)
        ]
        return gaps + late
