"""One connection to the broker: opened by kombu, every wait on it bounded, dropped rather than closed when anything is in doubt."""

import ssl
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import kombu

from chassis.broker import frames
from chassis.broker.frames import Delivery, Inflow
from chassis.config import BadConfiguration

HEARTBEAT_S = 10
CONNECT_S = 3
WAIT_S = 5
"""The longest silence while an answer is awaited, or while a full socket takes nothing more."""
PROBE_S = 10
SCHEMES = ("amqp", "amqps")
MOST_AT_ONCE = 1 << 18
"""Bytes taken from the socket, or put there, in one go: some two hundred messages."""
FRAME_OVERHEAD = 8


class Link:
    """A connection that has just been made, and its one channel. Belongs to one thread. Raises ``OSError`` or what the library raises."""

    def __init__(self, url: str, *, heartbeat: float = 0) -> None:
        self._connection = _client(url, heartbeat).transport.establish_connection()
        try:
            self._connection.transport.sock.settimeout(WAIT_S)
            self.channel = self._connection.channel()
        except BaseException:
            self.drop()
            raise
        self._inflow = Inflow(self._connection.on_inbound_frame)

    def listen(self, queue: str, prefetch: int, on_delivery: Callable[[Delivery], None]) -> None:
        """Have the messages of a queue handed over by :meth:`pump`, ``prefetch`` of them unacknowledged at most."""
        self._inflow.on_delivery = on_delivery
        self.channel.basic_qos(0, prefetch, False)
        self.channel.basic_consume(queue)

    def pump(self, patience: float) -> bool:
        """Handle what the broker has sent; false when it says nothing for ``patience`` seconds. Raises ``OSError`` when it is gone."""
        socket = self._connection.transport.sock
        socket.settimeout(patience)
        try:
            piece = socket.recv(MOST_AT_ONCE)
        except TimeoutError:
            return False
        finally:
            socket.settimeout(WAIT_S)
        self._receive(piece)
        return True

    def publish(self, exchange: str, messages: Iterable[tuple[str, bytes, bytes]]) -> None:
        """Send mandatory messages (routing key, properties, body), as many at once as make a large piece."""
        piece, size, most = [], 0, self._connection.frame_max - FRAME_OVERHEAD
        for name, properties, body in messages:
            piece.append(frames.published(exchange, name, properties, body, channel=self.channel.channel_id, most=most))
            size += len(piece[-1])
            if size >= MOST_AT_ONCE:
                self._send(piece)
                piece, size = [], 0
        self._send(piece)

    def beat(self) -> None:
        """To be called every second or so. Raises when the broker has been silent for two heartbeats."""
        self._connection.heartbeat_tick()

    def drop(self) -> None:
        """Let go at once, without a word: the broker takes back what was not acknowledged."""
        with suppress(Exception):
            self._connection.collect()

    def close(self) -> None:
        """Say goodbye, for as long as a goodbye may take."""
        with suppress(Exception):
            while missing := self._inflow.missing:  # the library expects the first byte of a frame
                self._receive(self._connection.transport.sock.recv(missing))
            self._connection.close()
        self.drop()

    def _send(self, piece: list[bytes]) -> None:
        self._connection.transport.write(b"".join(piece))
        self._connection.bytes_sent += 1  # the library counts what leaves, to know when a heartbeat is due

    def _receive(self, piece: bytes) -> None:
        if not piece:
            raise ConnectionResetError
        self._connection.bytes_recv += 1  # the library counts what comes, to know that the broker lives
        self._inflow.feed(piece)


class Probe:
    """Asks whether the broker answers, at most every ten seconds: a readiness probe must not become a burden."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._asked_at, self._failure = float("-inf"), ""

    def __call__(self) -> None:
        """Raises ``ConnectionError`` when the broker does not answer."""
        if time.monotonic() - self._asked_at > PROBE_S:
            self._failure, self._asked_at = self._ask(), time.monotonic()
        if self._failure:
            raise ConnectionError(self._failure)

    def _ask(self) -> str:
        try:
            Link(self._url).close()
        except Exception as error:  # the library raises what its vendors raise
            return type(error).__name__
        return ""


def checked(url: str) -> str:
    """The address of a broker. Raises ``BadConfiguration`` for any other bus: they lose facts when a process dies."""
    if url.partition("://")[0] not in SCHEMES:
        raise BadConfiguration("Le réglage « broker_url » attend une adresse amqp:// ou amqps://.")
    return url


def _client(url: str, heartbeat: float) -> Any:
    verified = {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None} if url.startswith("amqps:") else False
    options = {"write_timeout": WAIT_S}
    return kombu.Connection(checked(url), heartbeat=heartbeat, connect_timeout=CONNECT_S, ssl=verified, transport_options=options)
