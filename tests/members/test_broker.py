"""The sample lot, published by the producers' kit to a real RabbitMQ, sealed for the platform, ends in the rights that it tells."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from nacl.public import PrivateKey
from sqlalchemy import text

from chassis import run
from chassis.broker.consumer import Consumer
from chassis.broker.link import Link
from chassis.broker.topology import Topology
from chassis.config import Keys
from chassis.sealing import unb64
from chassis.testing import Bench
from events.members import RightsChanged
from feeds import kit
from feeds.dsn.reader import Taken, read
from feeds.publishers import BrokerPublisher, Receipt
from feeds.sealing import PlatformKey, b64
from tests.members.people import ANDREA, CHARLIE, DOMINIQUE, finalised, settle_in
from tests.members.test_lot import FILES
from tests.rabbitmq import Broker

LOT = FILES / "lot-oc-fctu-nature07-p26v01-synthetique.dsn"
INBOX = text("SELECT state FROM inbox WHERE name LIKE 'dsn.%'")
SETTLE_S = 30


@pytest.fixture
def bus(broker: Broker, bench: Bench) -> Iterator[Topology]:
    topology = Topology.of([bench.running.service], prefix=f"tests.{uuid.uuid4().hex[:8]}")
    link = Link(broker.url)
    topology.declare(link.channel)
    link.close()
    yield topology
    with broker.channel() as channel:
        for queue in topology.queues():
            channel.queue_delete(queue.name)
        for exchange in ("events", "parked"):
            channel.exchange_delete(f"{topology.prefix}.{exchange}")


def sealed_lot(keys: Keys) -> list[kit.CloudEvent]:
    """What ``affilia feed dsn publish`` sends for the sample lot."""
    ((key_id, secret),) = keys.feed.items()
    platform = PlatformKey(id=key_id, public_key=b64(bytes(PrivateKey(unb64(secret)).public_key)))
    with LOT.open("rb") as stream:
        taken = [outcome for outcome in read(stream) if isinstance(outcome, Taken)]
    facts = [item for outcome in taken for item in kit.items(outcome.declaration, outcome.facts)]
    return kit.sealed(facts, platform, datetime.now(UTC))


@contextmanager
def at_work(bench: Bench, broker: Broker, bus: Topology) -> Iterator[None]:
    loops = [Consumer(bench.running, broker.url, bus), run.worker(bench.running)]
    for loop in loops:
        loop.start()
    yield
    run.stop(loops)


def states(bench: Bench) -> list[str]:
    with bench.running.engine.connect() as connection:
        return list(connection.scalars(INBOX))


def test_a_lot_published_twice_by_its_producer_changes_rights_once(bench: Bench, broker: Broker, bus: Topology, keys: Keys) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE, date(2018, 3, 1)), finalised(ANDREA, date(2026, 4, 1)))
    lot = sealed_lot(keys)
    publisher = BrokerPublisher(broker.url, exchange=bus.exchange)
    assert [publisher.publish(lot), publisher.publish(lot)] == [Receipt(accepted=len(lot))] * 2
    publisher.close()
    with at_work(bench, broker, bus):
        deadline = time.monotonic() + SETTLE_S
        while states(bench) != ["done"] * len(lot) and time.monotonic() < deadline:
            time.sleep(0.05)
    assert (states(bench), bench.parked()) == (["done"] * len(lot), [])
    told = {(change.status, change.ends_on) for change in bench.told(RightsChanged)}
    assert ("portability_pending", date(2026, 6, 28)) in told
