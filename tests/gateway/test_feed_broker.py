"""The producers' door in front of a real broker: taken means kept by RabbitMQ, and what cannot be kept is asked for again."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec
import pytest
from nacl.public import PrivateKey

from chassis.broker.topology import Topology
from chassis.config import Keys
from chassis.sealing import Sealer, b64, unb64
from events.dsn import AffiliationSeen, DeclarationTaken
from events.fact import Fact
from feeds import kit
from feeds.publishers import HttpPublisher, PublishRefused, Receipt, Unreachable, Unroutable
from feeds.sealing import PlatformKey
from gateway import feed
from gateway.broker_room import BrokerRoom
from gateway.config import Settings
from gateway.upstream import OverHttp
from tests.faults.proxy import Proxy, proxied
from tests.gateway.stand import served
from tests.gateway.test_feed import DESK, RADIATION
from tests.rabbitmq import Broker

AT_ONCE = 8
"""Producers that publish side by side."""
UNHEARD = AffiliationSeen(declaration=RADIATION.declaration, employment=RADIATION.employment)
UNSEALED = DeclarationTaken(declaration=RADIATION.declaration, individuals=0, facts=0)
LISTENING = replace(DESK, subscriptions={**DESK.subscriptions, DeclarationTaken: lambda work, tolds, adapters: None})


def never_again(_seconds: float) -> None:
    """A producer that tries once, so that what is seen is what the door did."""
    raise Unreachable("one try")


@dataclass(frozen=True)
class Desk:
    """The door and what stands around it: ``cable`` leads from it to the broker."""

    publisher: HttpPublisher
    key: PlatformKey
    cable: Proxy
    broker: Broker
    topology: Topology

    def publish(self, *facts: Fact) -> Receipt:
        return self.publisher.publish(kit.sealed([kit.Item(uuid.uuid4(), fact) for fact in facts], self.key, datetime.now(UTC)))

    def waiting(self) -> int:
        """How many facts wait in the queue of the service that listens."""
        with self.broker.channel() as channel:
            return int(channel.queue_declare(self.topology.queue(DESK.name), passive=True).method.message_count)


@pytest.fixture
def topology(broker: Broker) -> Iterator[Topology]:
    """One listening service, under names that nobody else uses."""
    found = Topology.of([LISTENING], prefix=f"tests.{uuid.uuid4().hex[:8]}")
    yield found
    with broker.channel() as channel:
        for queue in found.queues():
            channel.queue_delete(queue.name)
        for exchange in ("events", "parked"):
            channel.exchange_delete(f"{found.prefix}.{exchange}")


@pytest.fixture(params=["with the keys", "without them"])
def desk(request: pytest.FixtureRequest, broker: Broker, topology: Topology, settings: Settings, keys: Keys) -> Iterator[Desk]:
    ((key_id, private),) = keys.feed.items()
    key = PlatformKey(id=key_id, public_key=b64(bytes(PrivateKey(unb64(private)).public_key)))
    sealer = Sealer({}, "", keys.feed) if request.param == "with the keys" else None
    place = urlsplit(broker.url)
    with proxied(place.hostname or "127.0.0.1", place.port or 5672) as cable:
        room = BrokerRoom(broker.url.replace(f":{place.port or 5672}", f":{cable.port}"), topology)
        told = msgspec.structs.replace(settings, feed_key=msgspec.structs.asdict(key))
        with served(feed.Door(told, room, sealer, OverHttp({}))) as port:
            publisher = HttpPublisher(f"http://127.0.0.1:{port}", settings.feed_token, sleep=never_again)
            yield Desk(publisher, key, cable, broker, topology)
        room.close()


def test_a_batch_is_kept_by_the_broker_before_it_is_answered(desk: Desk):
    assert desk.publisher.key() == desk.key
    assert desk.publish(RADIATION, RADIATION) == Receipt(accepted=2), "how many were known already is not said: nobody here knows"
    assert desk.waiting() == 2


def test_a_fact_that_nobody_awaits_is_said_so_and_nothing_leaves(desk: Desk):
    with pytest.raises(Unroutable):
        desk.publish(RADIATION, UNHEARD)
    desk.publish(RADIATION)
    assert desk.waiting() == 1


def test_a_fact_that_seals_nothing_needs_no_key(desk: Desk):
    (event,) = kit.sealed([kit.Item(uuid.uuid4(), UNSEALED)], desk.key, datetime.now(UTC))
    keyless = {name: value for name, value in msgspec.structs.asdict(event).items() if name != "contentkey"}
    assert desk.publisher.publish([keyless]) == Receipt(accepted=1)
    assert desk.waiting() == 1


def test_sealed_fields_are_read_at_the_door_where_it_has_the_keys(desk: Desk, request: pytest.FixtureRequest):
    stranger = PlatformKey(id=desk.key.id, public_key=b64(bytes(PrivateKey.generate().public_key)))
    batch = kit.sealed([kit.Item(uuid.uuid4(), RADIATION)], stranger, datetime.now(UTC))
    if "with the keys" in request.node.name:
        with pytest.raises(PublishRefused, match="à corriger"):
            desk.publisher.publish(batch)
    else:
        assert desk.publisher.publish(batch).accepted == 1, "whoever listens sets it aside"


def test_a_link_that_died_in_silence_is_made_again_without_a_word_to_the_producer(desk: Desk):
    desk.publish(RADIATION)
    desk.cable.cut()
    assert desk.publish(RADIATION).accepted == 1
    assert desk.waiting() == 2


def test_a_broker_that_does_not_answer_is_a_moment_to_come_back(desk: Desk):
    desk.publish(RADIATION)
    desk.cable.close()
    with pytest.raises(Unreachable):
        desk.publish(RADIATION)


def test_producers_side_by_side_share_the_link_and_lose_nothing(desk: Desk):
    with ThreadPoolExecutor(AT_ONCE) as pool:
        receipts = list(pool.map(lambda _: desk.publish(*[RADIATION] * 20), range(AT_ONCE)))
    assert receipts == [Receipt(accepted=20)] * AT_ONCE
    assert desk.waiting() == 20 * AT_ONCE
