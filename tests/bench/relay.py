"""The relay, from unsent rows of the outbox to rows marked sent, beside a bare publisher that waits for the same confirms.

Facts of 1 KiB, a durable quorum queue, windows of 500 on both sides. The bare publisher has its messages ready: it reads and marks nothing.
"""

from sqlalchemy import text

from affilia.local import LocalPostgres
from chassis.broker import wire
from chassis.broker.carrier import WINDOW, BrokerCarrier
from chassis.broker.link import Link
from chassis.broker.topology import Topology
from chassis.envelope import Envelope
from chassis.ids import uuid7
from chassis.relay import relay_once
from chassis.testing import Bench, invented_keys
from events.employers import CompanyRegistered
from services.members.app import SERVICE
from tests.bench.amqp_raw import RawAmqp
from tests.bench.ground import ground, timed
from tests.bench.readings import Reading, at_least, in_turn
from tests.rabbitmq import Node

FACTS = 20_000
BODY = b"x" * 1024
HEADERS = {
    "source": "affilia:employers",
    "time": "2026-07-01T10:00:00+00:00",
    "brand": "hcr",
    "traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01",
    "causation": "",
}
TELL = text("""
INSERT INTO outbox (event_id, name, subject, subject_version, headers, body)
SELECT gen_random_uuid(), :name, 'company:' || place, 1, json_build_object(
         'source', CAST(:source AS text), 'time', CAST(:time AS text), 'brand', CAST(:brand AS text),
         'traceparent', CAST(:traceparent AS text), 'causation', CAST(:causation AS text)), :body
FROM generate_series(1, :number) place
""")


def run(rounds: int) -> list[Reading]:
    with ground() as (postgres, node):
        sides = Sides(postgres, node)
        sides.ours()
        found = in_turn(rounds, {"ours": sides.ours, "raw": sides.raw})
        return [at_least("Relais, au regard d'une publication nue", found["ours"], found["raw"], 0.35, "faits/s")]


class Sides:
    """A service whose facts leave for its own queue."""

    def __init__(self, postgres: LocalPostgres, node: Node) -> None:
        urls = postgres.create(SERVICE.name)
        self._bench = Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys())
        self._node, self._topology = node, Topology.of([SERVICE])
        link = Link(node.url)
        self._topology.declare(link.channel)
        link.close()

    def ours(self) -> float:
        """Facts a second."""
        self._purge()
        with self._bench.owner.begin() as connection:
            connection.execute(TELL, HEADERS | {"name": CompanyRegistered.name, "body": BODY, "number": FACTS})
        carrier = BrokerCarrier(self._node.url, self._topology)
        rate = FACTS / timed(lambda: self._drain(carrier))
        carrier.close()
        return rate

    def raw(self) -> float:
        """Messages a second."""
        self._purge()
        envelopes = [
            Envelope(uuid7(), CompanyRegistered.name, f"company:{place}", HEADERS | {"version": 1}, BODY) for place in range(FACTS)
        ]
        messages = [(envelope.name, wire.properties(envelope), envelope.body) for envelope in envelopes]
        with RawAmqp(self._node.url) as amqp:
            return FACTS / timed(lambda: amqp.publish(self._topology.exchange, messages, WINDOW))

    def _drain(self, carrier: BrokerCarrier) -> None:
        while relay_once(self._bench.running, carrier):
            pass

    def _purge(self) -> None:
        with self._node.channel() as channel:
            channel.queue_purge(self._topology.queue(SERVICE.name))
        self._bench.empty()
