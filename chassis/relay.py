"""From the outbox to those who listen: unsent rows in the order of their ids, handed over, then marked sent.

One relay leader a database. A relay that dies between the two steps hands over again, and the inboxes drop what they know.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from sqlalchemy import Row, text

from chassis.envelope import Envelope
from chassis.inbox import deliver
from chassis.service import Running

BATCH = 500
UNSENT = text("""
SELECT id, event_id, name, subject, subject_version, headers, body FROM outbox WHERE sent_at IS NULL ORDER BY id LIMIT :most
""")
SENT = text("UPDATE outbox SET sent_at = now(), body = '' WHERE id = ANY(:ids)")


class Carrier(Protocol):
    """How envelopes travel. ``carry`` returns only when every one is durably taken, else raises and nothing is marked sent."""

    def carry(self, envelopes: Sequence[Envelope]) -> None: ...


class Mailroom:
    """Delivery without a broker: straight into the inboxes of the services that subscribe, one transaction each."""

    def __init__(self, services: Iterable[Running]) -> None:
        self._listeners: dict[str, list[Running]] = defaultdict(list)
        for running in services:
            for name in running.service.listens_to:
                self._listeners[name].append(running)

    def carry(self, envelopes: Sequence[Envelope]) -> None:
        self.hand_over(envelopes)

    def hand_over(self, envelopes: Sequence[Envelope]) -> int:
        """Deliver, and say how many of the envelopes were new to at least one listener."""
        return max((self._deliver(running, envelopes) for running in self._all_listeners()), default=0)

    def knows(self, name: str) -> bool:
        """Whether somebody listens to a fact."""
        return name in self._listeners

    def _all_listeners(self) -> list[Running]:
        return list({running.name: running for listeners in self._listeners.values() for running in listeners}.values())

    def _deliver(self, running: Running, envelopes: Sequence[Envelope]) -> int:
        theirs = [envelope for envelope in envelopes if envelope.name in running.service.listens_to]
        if not theirs:
            return 0
        with running.engine.begin() as connection:
            return deliver(connection, theirs)


def relay_once(running: Running, carrier: Carrier) -> int:
    """Hand one batch over; returns how many facts left (0: nothing waits)."""
    with running.engine.begin() as connection:
        rows = connection.execute(UNSENT, {"most": BATCH}).all()
    if not rows:
        return 0
    carrier.carry([_envelope(row) for row in rows])
    with running.engine.begin() as connection:
        connection.execute(SENT, {"ids": [row.id for row in rows]})
    running.metrics.relayed.inc(len(rows))
    return len(rows)


def _envelope(row: Row[Any]) -> Envelope:
    event_id: uuid.UUID = row.event_id
    return Envelope(event_id, row.name, row.subject, {**row.headers, "version": row.subject_version}, bytes(row.body))
