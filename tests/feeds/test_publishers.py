"""Both doors: what is taken, refused, unroutable or unreachable, and that a batch sent again is the same batch."""

import os
import socket
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pika
import pytest
from nacl.public import PrivateKey

from feeds import kit, publishers
from feeds.publishers import BrokerPublisher, HttpPublisher, PublishRefused, Receipt, Unreachable, Unroutable
from feeds.sealing import PlatformKey, b64
from tests.feeds.files import MONTHLY, taken
from tests.feeds.platform import TOKEN, Platform

KEY = PlatformKey(id="k1", public_key=b64(bytes(PrivateKey.generate().public_key)))
AMQP_URL = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")


def batch() -> list[kit.CloudEvent]:
    outcome = taken(MONTHLY)
    return kit.sealed(kit.items(outcome.declaration, outcome.facts), KEY, datetime(2026, 7, 6, tzinfo=UTC))


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_batch_is_taken_once_however_often_it_is_sent(platform: Platform) -> None:
    door = HttpPublisher(platform.url + "/", TOKEN)
    assert door.publish(batch()) == Receipt(accepted=12, repeated=0)
    assert door.publish(batch()) == Receipt(accepted=12, repeated=12)
    assert platform.headers[0]["Content-Type"] == "application/cloudevents-batch+json"
    assert len(platform.events) == 12


def test_a_platform_that_stumbles_is_asked_again(platform: Platform) -> None:
    platform.moods = [(503, {}), (500, {}), (429, {})]
    assert HttpPublisher(platform.url, TOKEN).publish(batch()).accepted == 12


def test_a_platform_that_is_down_is_given_up_after_four_tries(platform: Platform) -> None:
    platform.moods = [(503, {})] * 9
    with pytest.raises(Unreachable, match="HTTP 503"):
        HttpPublisher(platform.url, TOKEN).publish(batch())
    assert len(platform.moods) == 9 - publishers.TRIES


def test_a_refusal_is_told_with_its_reason_and_never_tried_again(platform: Platform) -> None:
    platform.moods = [(422, {"title": "Événement illisible", "detail": "data.ended_on"})]
    with pytest.raises(PublishRefused, match=r"Événement illisible : data.ended_on \(HTTP 422\)"):
        HttpPublisher(platform.url, TOKEN).publish(batch())
    assert len(platform.headers) == 1


@pytest.mark.parametrize("problem", [{"slug": "sans-destinataire"}, {"type": "https://affilia.example/problems/sans-destinataire"}])
def test_events_that_nobody_listens_to_are_unroutable(platform: Platform, problem: dict[str, str]) -> None:
    platform.moods = [(409, problem)]
    with pytest.raises(Unroutable):
        HttpPublisher(platform.url, TOKEN).publish(batch())


def test_another_conflict_is_a_refusal(platform: Platform) -> None:
    platform.moods = [(409, {"slug": "autre"})]
    with pytest.raises(PublishRefused):
        HttpPublisher(platform.url, TOKEN).publish(batch())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirection_never_carries_the_token_away(platform: Platform, status: int) -> None:
    platform.moods = [(status, {})]
    with pytest.raises(PublishRefused):
        HttpPublisher(platform.url, TOKEN).publish(batch())
    assert len(platform.headers) == 1
    assert platform.visits == []


def test_a_closed_door_is_unreachable() -> None:
    with pytest.raises(Unreachable, match=r"^plateforme injoignable \(connexion refusée\)$"):
        HttpPublisher(f"http://127.0.0.1:{closed_port()}", TOKEN).publish(batch())
    with pytest.raises(Unreachable, match=r"^courtier injoignable \(connexion refusée\)$"):
        BrokerPublisher(f"amqp://guest:guest@127.0.0.1:{closed_port()}/").publish(batch())


@pytest.mark.parametrize(
    "to",
    [
        "ftp://hote/",
        "file:///etc/hosts",
        "http:///rien",
        "http://hôte/",
        "http://h:abc/",
        "amqp://h:abc/",
        "http://[",
        "x",
        "http://" + "h" * 64,
    ],
)
def test_an_address_that_leads_nowhere_is_refused(to: str) -> None:
    with pytest.raises(ValueError, match="adresse inconnue"):
        publishers.publisher(to, TOKEN)


class Exchange:
    """An exchange of this test's own, with one queue for everything that starts with ``dsn.``."""

    def __init__(self, connection: pika.BlockingConnection) -> None:
        self.channel = connection.channel()
        self.name = f"test.feeds.{uuid.uuid4().hex}"
        self.channel.exchange_declare(self.name, "topic")

    def listen(self) -> None:
        self.channel.queue_declare(self.name)
        self.channel.queue_bind(self.name, self.name, "dsn.#")

    def messages(self) -> Iterator[tuple[pika.BasicProperties, str, bytes]]:
        while True:
            method, properties, body = self.channel.basic_get(self.name, auto_ack=True)
            if method is None:
                return
            yield properties, method.routing_key, body


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    """Skipped, with its reason, where no RabbitMQ answers."""
    try:
        connection = pika.BlockingConnection(pika.URLParameters(AMQP_URL))
    except (pika.exceptions.AMQPError, OSError) as error:
        pytest.skip(f"aucun RabbitMQ ne répond (TEST_AMQP_URL) : {type(error).__name__}")
    own = Exchange(connection)
    yield own
    own.channel.queue_delete(own.name)
    own.channel.exchange_delete(own.name)
    connection.close()


def test_a_broker_keeps_each_event_in_order_with_its_attributes_as_headers(exchange: Exchange) -> None:
    exchange.listen()
    events = batch()
    broker = BrokerPublisher(AMQP_URL, exchange=exchange.name)
    assert broker.publish(events) == Receipt(accepted=12)
    broker.close()
    for event, (properties, routing_key, body) in zip(events, exchange.messages(), strict=True):
        assert routing_key == event.type
        assert body == bytes(event.data)
        assert (properties.message_id, properties.delivery_mode, properties.content_type) == (event.id, 2, "application/json")
        attributes = msgspec.structs.asdict(event)
        for name in ("id", "type", "source", "subject", "time", "contentkey", "specversion"):
            assert properties.headers[f"cloudEvents:{name}"] == attributes[name]


def test_a_broker_without_listeners_says_so(exchange: Exchange) -> None:
    broker = BrokerPublisher(AMQP_URL, exchange=exchange.name)
    with pytest.raises(Unroutable, match="aucun destinataire"):
        broker.publish(batch())
    broker.close()


def test_an_exchange_that_does_not_exist_is_unroutable(exchange: Exchange) -> None:
    with pytest.raises(Unroutable, match="échange"):
        BrokerPublisher(AMQP_URL, exchange=exchange.name + ".absent").publish(batch())


def test_a_wrong_password_is_a_refusal(exchange: Exchange) -> None:
    parts = pika.URLParameters(AMQP_URL)
    with pytest.raises(PublishRefused, match="identifiant"):
        BrokerPublisher(f"amqp://guest:faux@{parts.host}:{parts.port}/", exchange=exchange.name).publish(batch())
