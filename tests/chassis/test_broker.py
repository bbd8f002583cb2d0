"""The bus on a real RabbitMQ: what dies, lies, comes late, comes twice or makes no sense loses nothing and doubles nothing."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pika
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from chassis import health, run
from chassis.actor import SYSTEM
from chassis.broker.carrier import BrokerCarrier, NotConfirmed
from chassis.broker.consumer import BATCH, PREFETCH, Consumer
from chassis.broker.link import Link
from chassis.broker.topology import Topology
from chassis.config import BadConfiguration
from chassis.envelope import Envelope
from chassis.relay import relay_once
from chassis.testing import Bench
from events.fact import Fact
from events.messaging import NoticeHandedOver
from tests.chassis.conftest import notice
from tests.chassis.test_events import contents, same_subject, until
from tests.faults.proxy import Proxy, proxied
from tests.rabbitmq import Broker, Node

NAME = NoticeHandedOver.name
REMEMBERED_S = 4
"""RabbitMQ 3.10 writes down its newest queue within some three seconds: killed before that, the queue never elects a leader again."""
RECEIVED = text("SELECT count(*) FROM inbox")
DONE = text("SELECT count(*) FROM inbox WHERE state = 'done'")
UNSENT = text("SELECT count(*) FROM outbox WHERE sent_at IS NULL")
TOLD = text("SELECT event_id FROM outbox ORDER BY event_id")
ARRIVED = text("SELECT event_id FROM inbox ORDER BY event_id")
ORDER = text("SELECT array_agg(CAST(headers->>'version' AS int) ORDER BY position) FROM inbox GROUP BY subject")
BODIES = text("SELECT body FROM inbox ORDER BY position")
LOCK = text("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")


@pytest.fixture
def bus(broker: Broker, parcels: Bench) -> Iterator[Topology]:
    """What one service needs on the broker, under names that nobody else uses."""
    topology = Topology.of([parcels.running.service], prefix=f"tests.{uuid.uuid4().hex[:8]}")
    link = Link(broker.url)
    topology.declare(link.channel)
    link.close()
    yield topology
    with broker.channel() as channel:
        for queue in topology.queues():
            channel.queue_delete(queue.name)
        for exchange in ("events", "parked"):
            channel.exchange_delete(f"{topology.prefix}.{exchange}")


@pytest.fixture
def carrier(broker: Broker, bus: Topology) -> Iterator[BrokerCarrier]:
    made = BrokerCarrier(broker.url, bus)
    yield made
    made.close()


@pytest.fixture
def cable(broker: Broker) -> Iterator[Proxy]:
    """A cable to the broker that can be slow, silent or cut."""
    place = urlsplit(broker.url)
    with proxied(place.hostname or "127.0.0.1", place.port or 5672) as proxy:
        yield proxy


def through(proxy: Proxy, broker: Broker) -> str:
    """The broker's address at the near end of the cable."""
    place = urlsplit(broker.url)
    return place._replace(netloc=f"{place.username}:{place.password}@127.0.0.1:{proxy.port}").geturl()


@contextmanager
def at_work(*loops: run.Loop) -> Iterator[None]:
    """Loops that run until the block ends, and then end in time."""
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        started = time.monotonic()
        run.stop(loops)
        assert time.monotonic() - started < 8


def tell(bench: Bench, *facts: Fact) -> None:
    with bench.running.working(SYSTEM) as work:
        for fact in facts:
            work.emit(fact)


def ask(bench: Bench, query: Any) -> Any:
    with bench.running.engine.connect() as connection:
        return connection.scalars(query).all()


def received(bench: Bench, number: int) -> None:
    until(lambda: ask(bench, RECEIVED) == [number])


def envelope(name: str = NAME, body: bytes = b"{}") -> Envelope:
    headers = {
        "source": "affilia:test",
        "time": datetime.now(UTC).isoformat(),
        "brand": "hcr",
        "traceparent": "",
        "causation": "",
        "version": 1,
    }
    return Envelope(uuid.uuid4(), name, f"test:{uuid.uuid4()}", headers, body)


def test_facts_leave_the_outbox_cross_the_broker_and_are_applied(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    tell(parcels, notice("first"), notice("second"))
    with at_work(Consumer(parcels.running, broker.url, bus), run.worker(parcels.running), run.relay(parcels.running, carrier)):
        until(lambda: ask(parcels, DONE) == [2])
    assert sorted(contents(parcels)) == ["first", "second"]


def test_a_subject_keeps_its_order_and_a_fact_carried_twice_comes_in_once(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier
):
    templates = [f"step {number}" for number in range(700)]
    tell(parcels, *same_subject(*templates), *same_subject(*templates))
    while relay_once(parcels.running, Twice(carrier)):
        pass
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 1400)
    assert ask(parcels, ORDER) == [list(range(1, 701))] * 2
    assert ask(parcels, TOLD) == ask(parcels, ARRIVED)


class Twice:
    """Each batch is carried twice, as after an answer that was lost."""

    def __init__(self, carrier: BrokerCarrier) -> None:
        self._carrier = carrier

    def carry(self, envelopes: Any) -> None:
        self._carrier.carry(envelopes)
        self._carrier.carry(envelopes)


def waiting_on(broker: Broker, queue: str) -> int:
    """Messages of a queue that nobody holds."""
    with broker.channel() as channel:
        return channel.queue_declare(queue, passive=True).method.message_count


def test_a_message_keeps_every_attribute_of_the_producers_form(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    sent = envelope(body=b'{"a": 1}')
    carrier.carry([sent])
    with broker.channel() as channel:
        _method, properties, body = next(channel.consume(bus.queue("parcels"), inactivity_timeout=10))
    attributes = {"specversion": "1.0", "id": str(sent.event_id), "type": NAME, "subject": sent.subject} | sent.headers
    assert properties.headers == {f"cloudEvents:{name}": value for name, value in attributes.items()}
    assert (properties.message_id, properties.type, properties.delivery_mode) == (str(sent.event_id), NAME, 2)
    assert (properties.content_type, body) == ("application/json", sent.body)


def test_a_fact_larger_than_a_frame_crosses_whole(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    large = envelope(body=bytes(range(256)) * 2000)
    carrier.carry([envelope(), large, envelope(body=b"")])
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 3)
    assert [len(body) for body in ask(parcels, BODIES)] == [2, 512_000, 0]
    assert bytes(ask(parcels, BODIES)[1]) == large.body


def with_broker(bench: Bench, url: str) -> Any:
    return replace(bench.running, settings=msgspec.structs.replace(bench.running.settings, broker_url=url))


def test_a_broker_killed_while_facts_are_told_loses_none_and_the_service_works_on(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier
):
    if not isinstance(broker, Node):
        pytest.skip("ce courtier n'est pas à nous : il ne peut pas être tué (RabbitMQ n'est pas installé ici)")
    with at_work(Consumer(parcels.running, broker.url, bus), run.worker(parcels.running), run.relay(parcels.running, carrier)):
        time.sleep(REMEMBERED_S)
        for number in range(60):
            tell(parcels, *[notice(f"{number}") for _ in range(30)])
            if number == 20:
                broker.kill()
        assert health.examine(with_broker(parcels, broker.url))["reasons"][:1] == ["broker: ConnectionError"]
        assert ask(parcels, UNSENT)[0] > 0
        broker.start()
        until(lambda: ask(parcels, DONE) == [1800])
    assert ask(parcels, TOLD) == ask(parcels, ARRIVED)
    assert len(contents(parcels)) == 1800


def test_a_broker_that_answers_leaves_a_service_ready(parcels: Bench, broker: Broker):
    assert health.examine(with_broker(parcels, broker.url))["status"] == "ready"
    report = health.examine(with_broker(parcels, "amqp://127.0.0.1:1/"))
    assert (report["status"], report["reasons"]) == ("degraded", ["broker: ConnectionError"])


def test_what_no_queue_takes_is_not_carried(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    with pytest.raises(NotConfirmed, match=r"no queue takes nobody\.knows\.v1"):
        carrier.carry([envelope(), envelope("nobody.knows.v1")])
    carrier.carry([envelope()])


def test_a_known_fact_that_nobody_hears_is_set_aside_and_stops_no_relay(broker: Broker, bus: Topology, carrier: BrokerCarrier):
    unheard = sorted(bus.unheard)[0]
    carrier.carry([envelope(unheard)])
    assert waiting_on(broker, f"{bus.prefix}.unheard") == 1


def test_a_queue_that_refuses_a_fact_has_it_carried_again(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    full = f"{bus.prefix}.full"
    tell(parcels, notice(), notice(), notice())
    with broker.channel() as channel:
        channel.queue_declare(full, exclusive=True, arguments={"x-max-length": 1, "x-overflow": "reject-publish"})
        channel.queue_bind(full, bus.exchange, NAME)
        with pytest.raises(NotConfirmed, match="could not keep"):
            relay_once(parcels.running, carrier)
        channel.queue_delete(full)
    assert ask(parcels, UNSENT) == [3]
    assert relay_once(parcels.running, carrier) == 3
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 3)


def test_a_confirm_that_comes_late_confirms_nothing(parcels: Bench, broker: Broker, bus: Topology, cable: Proxy):
    tell(parcels, *same_subject("a", "b", "c"))
    impatient = BrokerCarrier(through(cable, broker), bus, confirm_s=2.0)
    impatient.carry([envelope()])
    cable.delay = 60.0
    with pytest.raises(NotConfirmed, match="3 unconfirmed"):
        relay_once(parcels.running, impatient)
    assert ask(parcels, UNSENT) == [3]
    cable.heal()
    time.sleep(0.5)
    assert relay_once(parcels.running, impatient) == 3
    impatient.close()
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 4)
    assert [1, 2, 3] in ask(parcels, ORDER)


def test_a_link_that_is_dead_at_one_end_is_noticed_and_made_again(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier, cable: Proxy
):
    consumer = Consumer(parcels.running, through(cable, broker), bus, heartbeat=1)
    carrier.carry([envelope()])
    with capture_logs() as logs, at_work(consumer):
        received(parcels, 1)
        cable.silent = True
        until(lambda: any(line["event"] == "broker.interrupted" for line in logs))
        cable.cut()
        cable.heal()
        carrier.carry([envelope(), envelope()])
        received(parcels, 3)


def test_a_cable_cut_again_and_again_doubles_nothing(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier, cable: Proxy):
    envelopes = [envelope() for _ in range(3000)]
    carrier.carry(envelopes)
    with at_work(Consumer(parcels.running, through(cable, broker), bus)):
        for _ in range(5):
            time.sleep(0.2)
            cable.cut()
        received(parcels, 3000)
    assert ask(parcels, ARRIVED) == sorted(one.event_id for one in envelopes)


def test_a_database_that_stands_still_keeps_its_batch_and_its_link(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    with capture_logs() as logs, at_work(Consumer(parcels.running, broker.url, bus, heartbeat=1)):
        with parcels.running.engine.begin() as other:
            other.execute(text("LOCK TABLE inbox IN SHARE MODE"))
            carrier.carry([envelope(), envelope()])
            time.sleep(4)
        received(parcels, 2)
    assert {line["event"] for line in logs} <= {"inbox.not_straight", "inbox.unreachable"}


def test_a_database_away_through_many_links_fills_no_memory(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier, cable: Proxy
):
    """Each new link delivers again what the last one had: what waits stays what one link may hold."""
    envelopes = [envelope() for _ in range(PREFETCH + 500)]
    carrier.carry(envelopes)
    consumer = Consumer(parcels.running, through(cable, broker), bus)
    with capture_logs() as logs, at_work(consumer):
        with parcels.running.engine.begin() as other:
            other.execute(text("LOCK TABLE inbox IN SHARE MODE"))
            until(lambda: consumer.waiting >= PREFETCH - BATCH)
            cable.cut()
            until(lambda: any(line["event"] == "broker.interrupted" for line in logs))
            held = [consumer.waiting for _look in range(100) if not time.sleep(0.02)]
            assert max(held) <= PREFETCH
            assert held[-1] >= PREFETCH - BATCH, "the new link delivered again"
        received(parcels, len(envelopes))
    assert ask(parcels, ARRIVED) == sorted(one.event_id for one in envelopes)


def test_a_worker_that_stops_leaves_the_rest_on_the_broker(parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier):
    envelopes = [envelope() for _ in range(2500)]
    carrier.carry(envelopes)
    with at_work(Consumer(parcels.running, broker.url, bus)):
        until(lambda: ask(parcels, RECEIVED) > [0])
    left = waiting_on(broker, bus.queue("parcels"))
    assert ask(parcels, RECEIVED)[0] + left >= 2500
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 2500)


def attributes(**changed: Any) -> dict[str, Any]:
    """The headers of a good message, some of them changed."""
    good = {
        "specversion": "1.0",
        "id": str(uuid.uuid4()),
        "type": NAME,
        "subject": "test:1",
        "source": "test",
        "time": "2026-07-01T10:00:00Z",
    }
    return {f"cloudEvents:{name}": value for name, value in (good | changed).items() if value is not None}


POISON: dict[str, dict[str, Any]] = {
    "no headers": {},
    "no id": attributes(id=None),
    "an id that is none": attributes(id="1"),
    "half a character": attributes(id=b"\xed\xa0\x80"),
    "a number for a type": attributes(type=3),
    "another type": attributes(type="identity.code_issued.v1"),
    "a null in the subject": attributes(subject="a\0b"),
    "a subject without end": attributes(subject="x" * 5000),
    "a date without a zone": attributes(time="2026-07-01T10:00:00"),
    "a version in words": attributes(version="first"),
    "another norm": attributes(specversion="0.3"),
}


def test_messages_that_make_no_sense_end_parked_with_their_reason_and_harm_nobody(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier
):
    with broker.channel() as channel:
        channel.confirm_delivery()  # a queue so new may have no leader yet: unconfirmed, a message could be lost with its channel
        for _redelivered in range(2):
            for headers in POISON.values():
                channel.basic_publish(bus.exchange, NAME, b"\0\xff", pika.BasicProperties(headers=headers))
            channel.basic_publish(bus.exchange, NAME, b"", pika.BasicProperties(content_type="\xe9".encode("latin-1")))
    good = notice("neighbour")
    tell(parcels, good)
    relay_once(parcels.running, carrier)
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, len(POISON) + 2)
    parcels.work()
    assert contents(parcels) == ["neighbour"]
    parked = parcels.parked()
    assert len(parked) == len(POISON) + 1
    assert all(name == NAME and reason for name, reason in parked)
    assert ("type and routing key differ") in {reason for _name, reason in parked}


@pytest.mark.parametrize("url", ["memory://", "filesystem://", "sqla+sqlite://", "http://127.0.0.1", "x"])
def test_a_bus_that_loses_facts_is_refused_at_the_start(parcels: Bench, url: str):
    with pytest.raises(BadConfiguration, match="broker_url"):
        BrokerCarrier(url, Topology.of([parcels.running.service]))
