"""One connection to the broker: opened by kombu, every wait on it bounded, dropped rather than closed when anything is in doubt."""

import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import kombu
from amqp.method_framing import frame_handler

from chassis.config import BadConfiguration

HEARTBEAT_S = 10
CONNECT_S = 3
WAIT_S = 5
"""The longest silence while an answer is awaited, or while a full socket takes nothing more."""
PROBE_S = 10
SCHEMES = ("amqp", "amqps")
BARE = slice(0, 12)
"""Of a content header: class, weight and size of the body. What follows are flags and properties."""


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
        self.channel.auto_decode = False

    def pump(self, patience: float) -> bool:
        """Let one thing that the broker sends be handled; false when it says nothing for ``patience`` seconds."""
        try:
            self._connection.drain_events(timeout=patience)
        except TimeoutError:
            return False
        return True

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
            self._connection.close()
        self.drop()


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
    options = {"frame_handler": _forgiving, "write_timeout": WAIT_S}
    return kombu.Connection(checked(url), heartbeat=heartbeat, connect_timeout=CONNECT_S, ssl=verified, transport_options=options)


def _forgiving(connection: Any, callback: Any) -> Callable[[Any], Any]:
    """The library's reader of frames, except that a message whose properties cannot be read comes without any: it would end the link."""
    handle = frame_handler(connection, callback)

    def on_frame(frame: Any) -> Any:
        kind, channel, content = frame
        if kind != 2:
            return handle(frame)
        try:
            return handle(frame)
        except Exception:  # unknown types, broken lengths, dates beyond time: whatever a stranger may have written
            return handle((kind, channel, bytes(content[BARE]) + b"\0\0"))

    return on_frame
