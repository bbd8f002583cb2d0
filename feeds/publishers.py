"""Where a producer's batches go: the port, an adapter for a platform's HTTP door, one for a RabbitMQ broker.

Both may be called again with the same batch: ids are stable, and the platform takes each of them once.
"""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPException
from typing import Any, Protocol, TypeVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener
from uuid import UUID

import msgspec
import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import (
    AMQPError,
    ChannelClosedByBroker,
    NackError,
    ProbableAccessDeniedError,
    ProbableAuthenticationError,
    UnroutableError,
)

from feeds.answers import EventFlaw, Outcome, Outcomes, Problem, Receipt, Standing
from feeds.causes import why
from feeds.kit import CloudEvent
from feeds.sealing import PlatformKey, WrongKey

TRIES = 4
FIRST_WAIT_SECONDS = 0.5
TIMEOUT_SECONDS = 30
EXCHANGE = "affilia.events"
NO_RECIPIENT = "sans-destinataire"
TRANSIENT = (408, 425, 429)
"""Client errors that only say "later"."""

T = TypeVar("T")
Sleep = Callable[[float], None]


class PublishError(Exception):
    """A batch was not taken; the message is French and holds no personal data."""


class PublishRefused(PublishError):
    """The platform will not have this batch, however often it is sent; ``flaws`` say which of its events are why."""

    def __init__(self, message: str, flaws: Sequence[EventFlaw] = ()) -> None:
        super().__init__(message)
        self.flaws = tuple(flaws)


class Unroutable(PublishError):
    """Nobody listens to an event of the batch."""


class Unreachable(PublishError):
    """The platform or its broker did not answer."""


class Publisher(Protocol):
    """Publishes batches of at most 500 events. Raises ``PublishRefused``, ``Unroutable`` or ``Unreachable``."""

    def publish(self, batch: Sequence[CloudEvent]) -> Receipt: ...

    def close(self) -> None: ...


def patiently(attempt: Callable[[], T], sleep: Sleep) -> T:
    """The result of ``attempt``, tried again while it is ``Unreachable``, a bounded number of times."""
    for retry in range(TRIES - 1):
        try:
            return attempt()
        except Unreachable:
            sleep(FIRST_WAIT_SECONDS * 2**retry)
    return attempt()


class _NoRedirect(HTTPRedirectHandler):
    """A redirection is an error: followed, it would carry the token to another host."""

    def redirect_request(self, *_: Any) -> None:
        return None


class HttpPublisher:
    """The HTTP door of a platform without a broker: ``POST {to}/_feed/events``, 202 once durably taken."""

    def __init__(self, to: str, token: str, sleep: Sleep = time.sleep) -> None:
        self._to = to.rstrip("/")
        self._token = token
        self._sleep = sleep
        self._opener: OpenerDirector = build_opener(_NoRedirect)

    def key(self) -> PlatformKey:
        """The platform's public key. Raises ``PublishRefused`` when what is served is not a key."""
        try:
            return PlatformKey.read(patiently(lambda: self._send("/_feed/key"), self._sleep))
        except WrongKey as error:
            raise PublishRefused(str(error)) from error

    def publish(self, batch: Sequence[CloudEvent]) -> Receipt:
        body = msgspec.json.encode(list(batch))
        answer = patiently(lambda: self._send("/_feed/events", body), self._sleep)
        try:
            return msgspec.json.decode(answer, type=Receipt)
        except msgspec.DecodeError:
            return Receipt(accepted=len(batch))

    def standing(self) -> Standing:
        """Who the platform takes us for. Raises ``PublishRefused`` when it does not know the token."""
        return self._read(patiently(lambda: self._send("/_feed/producer"), self._sleep), Standing)

    def outcomes(self, fact_ids: Sequence[UUID]) -> Sequence[Outcome]:
        """What became of at most 500 facts."""
        body = msgspec.json.encode({"ids": fact_ids})
        return self._read(patiently(lambda: self._send("/_feed/receipts", body, "application/json"), self._sleep), Outcomes).items

    def close(self) -> None:
        """Nothing is kept open."""

    def _read(self, answer: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise PublishRefused("réponse illisible de la plateforme") from error

    def _send(self, path: str, body: bytes | None = None, kind: str = "application/cloudevents-batch+json") -> bytes:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        request = Request(self._to + path, data=body, headers=headers)
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            with error:
                raise _http_refusal(error.code, _body(error)) from None
        except (OSError, HTTPException) as error:
            raise Unreachable(f"plateforme injoignable ({why(error)})") from error


def _body(error: HTTPError) -> bytes:
    try:
        return error.read(65536)
    except (OSError, HTTPException):
        return b""


def _http_refusal(status: int, body: bytes) -> PublishError:
    if status >= 500 or status in TRANSIENT:
        return Unreachable(f"la plateforme ne peut pas répondre (HTTP {status})")
    problem = _problem(body)
    reason = " : ".join(filter(None, (problem.title, problem.detail))) or "refus sans explication"
    if status == 409 and NO_RECIPIENT in (problem.slug, problem.type.rstrip("/").rsplit("/", 1)[-1].rsplit(":", 1)[-1]):
        return Unroutable(f"aucun destinataire ({reason})")
    return PublishRefused(f"{reason} (HTTP {status})", problem.errors)


def _problem(body: bytes) -> Problem:
    try:
        return msgspec.json.decode(body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Problem()


class BrokerPublisher:
    """A RabbitMQ broker: persistent, mandatory and confirmed, one message at a time, so that each refusal is known by its event."""

    def __init__(self, url: str, exchange: str = EXCHANGE, sleep: Sleep = time.sleep) -> None:
        self._parameters = pika.URLParameters(url)
        # A broker short of memory or disk blocks its producers without a word: a silence is a failure.
        self._parameters.blocked_connection_timeout = TIMEOUT_SECONDS
        self._exchange = exchange
        self._sleep = sleep
        self._connection: pika.BlockingConnection | None = None
        self._channel: BlockingChannel | None = None

    def publish(self, batch: Sequence[CloudEvent]) -> Receipt:
        # What the broker confirmed is not sent again; what it may or may not have taken is, under the same id.
        waiting = list(batch)
        patiently(lambda: self._drain(waiting), self._sleep)
        return Receipt(accepted=len(batch))

    def close(self) -> None:
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None and connection.is_open:
            with suppress(AMQPError, OSError):
                connection.close()

    def _drain(self, waiting: list[CloudEvent]) -> None:
        try:
            channel = self._open()
            while waiting:
                self._publish_one(channel, waiting[0])
                waiting.pop(0)
        except UnroutableError as error:
            raise Unroutable(f"aucun destinataire pour {waiting[0].type}") from error
        except NackError as error:
            raise Unreachable("le courtier n'a pas pu garder l'événement") from error
        except (ProbableAuthenticationError, ProbableAccessDeniedError) as error:
            raise PublishRefused("le courtier refuse cet identifiant") from error
        except ChannelClosedByBroker as error:
            self.close()
            raise _closed(error.reply_code) from error
        except (AMQPError, OSError) as error:
            self.close()
            raise Unreachable(f"courtier injoignable ({why(error)})") from error

    def _publish_one(self, channel: BlockingChannel, event: CloudEvent) -> None:
        channel.basic_publish(self._exchange, event.type, bytes(event.data), _properties(event), mandatory=True)

    def _open(self) -> BlockingChannel:
        if self._channel is None or not self._channel.is_open:
            self._connection = pika.BlockingConnection(self._parameters)
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
        return self._channel


def _closed(code: int) -> PublishError:
    """Why the broker closed the channel: 404 is an exchange that does not exist, 403 a right that is missing."""
    if code == 404:
        return Unroutable("le courtier n'a pas l'échange attendu")
    return PublishRefused(f"le courtier refuse de publier (AMQP {code})")


def _properties(event: CloudEvent) -> pika.BasicProperties:
    """CloudEvents' binary form: attributes as headers, the body is the fact alone."""
    attributes = msgspec.structs.asdict(event)
    del attributes["data"], attributes["datacontenttype"]
    return pika.BasicProperties(
        content_type=event.datacontenttype,
        delivery_mode=pika.DeliveryMode.Persistent.value,
        message_id=event.id,
        type=event.type,
        headers={f"cloudEvents:{name}": value for name, value in attributes.items()},
    )


def publisher(to: str, token: str) -> HttpPublisher | BrokerPublisher:
    """The adapter for a URL. Raises ``ValueError`` (French) when it leads nowhere we know."""
    adapter = ADAPTERS.get(_scheme(to))
    if adapter is None:
        raise ValueError("adresse inconnue : attendu http://…, https://…, amqp://… ou amqps://…")
    return adapter(to, token)


def _scheme(to: str) -> str:
    """The scheme of a URL that has a host and a readable port, else nothing."""
    try:
        parts = urlsplit(to)
        readable = parts.hostname and to.isascii() and to.isprintable() and " " not in to and parts.port != 0
        (parts.hostname or "").encode("idna")  # a label too long for a name server
    except ValueError:
        return ""
    return parts.scheme if readable else ""


ADAPTERS: dict[str, Callable[[str, str], HttpPublisher | BrokerPublisher]] = {
    "http": HttpPublisher,
    "https": HttpPublisher,
    "amqp": lambda to, _: BrokerPublisher(to),
    "amqps": lambda to, _: BrokerPublisher(to),
}
