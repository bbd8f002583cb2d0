"""Payroll facts from the broker to all they change, by one worker; beside it the machine's limit, and the usual way.

One round is a month of a country in small (``payrolls``): its messages wait in the queue, then one side drains them. Ours opens the sealed
fields, keeps the fact, decides rights again, writes history, audit and outbox; consumer and worker start inside the measure.
The first month, in which no fact repeats another yet, is played before and not counted: it is slower.
"""

import time
from collections.abc import Sequence

from sqlalchemy import text

from affilia.local import LocalPostgres
from chassis import run as roles
from chassis.broker.consumer import Consumer
from chassis.broker.link import Link
from chassis.broker.topology import Topology
from chassis.testing import Bench, invented_keys
from events.fact import Fact
from feeds.kit import CloudEvent
from services.members.app import SERVICE
from tests.bench import payrolls
from tests.bench.amqp_raw import RawAmqp
from tests.bench.ground import ground, timed, until
from tests.bench.limits import Limits
from tests.bench.readings import Reading, at_least, in_turn
from tests.rabbitmq import Node

COMPANIES = 500
USUAL = 1_000
"""How many messages the usual way gets: it would take minutes for a month."""
ENROL = 500
DONE = "SELECT count(*) FROM inbox WHERE state = 'done'"
LEFT = "SELECT count(*) FROM inbox WHERE state <> 'done'"


def run(rounds: int) -> list[Reading]:
    with ground() as (postgres, node):
        return Months(postgres, node).compare(rounds)


class Months:
    """The country, month after month: each round of each side drains the messages of the current month."""

    what = "Faits de paie"

    def __init__(self, postgres: LocalPostgres, node: Node, companies: int = COMPANIES) -> None:
        self._keys, self._node = invented_keys(), node
        urls = postgres.create("members")
        self._bench = Bench(SERVICE, urls.app_url, urls.owner_url, self._keys)
        self._topology = Topology.of([SERVICE])
        self._queue = self._topology.queue(SERVICE.name)
        self._limits = Limits(postgres.create("limits").owner_url, node.url, self._queue)
        self._people = payrolls.country(companies)
        self._month = -1
        self._declare()
        self._enrol()

    def compare(self, rounds: int) -> list[Reading]:
        self._ours()
        found = in_turn(rounds, {"ours": self._ours, "raw": self._raw, "usual": self._usual})
        return [
            at_least(f"{self.what}, au regard de la limite", found["ours"], found["raw"], 0.3, "faits/s"),
            at_least(f"{self.what}, au regard de l'usage", found["ours"], found["usual"], 15, "faits/s"),
        ]

    def _ours(self) -> float:
        """The next month, by the consumer and the worker of the service."""
        self._month += 1
        self._events = self._told()
        self._fill(self._events)
        done, applied = self._count(DONE), self._applied()
        loops = [Consumer(self._bench.running, self._node.url, self._topology), roles.worker(self._bench.running)]

        def drain() -> None:
            for loop in loops:
                loop.start()
            until(lambda: self._applied() >= applied + len(self._events))

        seconds = timed(drain)
        roles.stop(loops)
        assert (self._count(LEFT), self._count(DONE)) == (0, done + len(self._events))
        return len(self._events) / seconds

    def _told(self) -> list[CloudEvent]:
        return payrolls.month(self._people, self._month, self._keys)

    def _raw(self) -> float:
        self._limits.prepare([bytes(event.data) for event in self._events])
        self._fill(self._events)
        return len(self._events) / timed(lambda: self._limits.raw(len(self._events)))

    def _usual(self) -> float:
        few = self._events[:USUAL]
        self._limits.prepare([bytes(event.data) for event in few])
        self._fill(few)
        return len(few) / timed(lambda: self._limits.usual(len(few)))

    def _declare(self) -> None:
        link = Link(self._node.url)
        self._topology.declare(link.channel)
        link.close()

    def _enrol(self) -> None:
        batch: list[Fact] = []
        for fact in payrolls.enrolments(self._people):
            batch.append(fact)
            if len(batch) == ENROL:
                self._bench.tell(*batch)
                batch.clear()
        self._bench.tell(*batch)
        assert not self._bench.parked()

    def _fill(self, events: Sequence[CloudEvent]) -> None:
        """As the kit's publisher would, only faster: the same bytes."""
        with RawAmqp(self._node.url) as amqp:
            amqp.publish(self._topology.exchange, payrolls.messages(events), window=500)
        deadline = time.monotonic() + 60
        while self._waiting() < len(events) and time.monotonic() < deadline:
            time.sleep(0.1)

    def _waiting(self) -> int:
        with self._node.channel() as channel:
            return channel.queue_declare(self._queue, passive=True).method.message_count

    def _applied(self) -> float:
        """What the service says that it applied: asking its database would slow it down."""
        (counter,) = self._bench.running.metrics.applied.collect()
        return sum(sample.value for sample in counter.samples if sample.name.endswith("_total"))

    def _count(self, question: str) -> int:
        with self._bench.running.engine.connect() as connection:
            return connection.scalar(text(question)) or 0
