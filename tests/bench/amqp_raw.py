"""The broker's own limit: AMQP 0-9-1 written on a bare socket, with nothing but what a benchmark needs."""

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Self
from urllib.parse import urlsplit

END = b"\xce"
MUCH = 1 << 20
ACK = (60, 80)


class RawAmqp:
    """One connection and its channel 1, as ``guest``."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._socket = socket.create_connection((place.hostname, place.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._frames = _frames(self._socket)
        self._socket.sendall(b"AMQP\x00\x00\x09\x01")
        self._await(10, 10)
        plain = b"\0guest\0guest"
        self._socket.sendall(
            _method(0, 10, 11, struct.pack(">I", 0) + _short("PLAIN") + struct.pack(">I", len(plain)) + plain + _short("en_US"))
        )
        self._await(10, 30)
        self._socket.sendall(
            _method(0, 10, 31, struct.pack(">HIH", 2047, 131072, 0)) + _method(0, 10, 40, _short("/") + _short("") + b"\0")
        )
        self._await(10, 41)
        self._call(20, 10, _short(""), answer=11)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def consume(self, queue: str, most: int, batch: int, take: Callable[[list[tuple[bytes, bytes]]], None]) -> None:
        """Hand ``most`` messages over as (properties, body), in batches, each acknowledged once taken."""
        self._call(60, 10, struct.pack(">IHB", 0, 4 * batch, 0), answer=11)
        self._call(60, 20, struct.pack(">H", 0) + _short(queue) + _short("raw") + b"\0" + struct.pack(">I", 0), answer=21)
        got, held, properties = 0, [], b""
        for kind, content in self._frames:
            if kind == 2:
                properties = content
            elif kind == 3:
                held.append((properties, content))
                if len(held) == batch or got + len(held) == most:
                    take(held)
                    got, held = got + len(held), []
                    self._socket.sendall(_method(1, 60, 80, struct.pack(">QB", got, 1)))
                    if got == most:
                        break
        self._call(20, 40, struct.pack(">H", 200) + _short("") + struct.pack(">HH", 0, 0), answer=41)

    def publish(self, exchange: str, messages: Iterable[tuple[str, bytes, bytes]], window: int) -> None:
        """Persistent, confirmed messages (routing key, properties, body), ``window`` of them at a time."""
        self._call(85, 10, b"\0", answer=11)
        ready, sent, confirmed = [], 0, 0
        for message in messages:
            ready.append(_message(exchange, *message))
            if len(ready) == window:
                sent, confirmed = self._flush(ready, sent, confirmed)
        self._flush(ready, sent, confirmed)

    def _flush(self, ready: list[bytes], sent: int, confirmed: int) -> tuple[int, int]:
        self._socket.sendall(b"".join(ready))
        sent += len(ready)
        ready.clear()
        while confirmed < sent:
            _kind, content = next(self._frames)
            *method, tag = struct.unpack_from(">HHQ", content)
            assert tuple(method) == ACK
            confirmed = max(confirmed, tag)
        return sent, confirmed

    def _call(self, kind: int, number: int, arguments: bytes, *, answer: int) -> None:
        self._socket.sendall(_method(1, kind, number, arguments))
        self._await(kind, answer)

    def _await(self, kind: int, number: int) -> None:
        for frame, content in self._frames:
            if frame == 1 and struct.unpack_from(">HH", content) == (kind, number):
                return


def _frames(source: socket.socket) -> Iterator[tuple[int, bytes]]:
    """Type and payload of each frame."""
    held = b""
    while arrived := source.recv(MUCH):
        held, place = held + arrived, 0
        while len(held) - place >= 7:
            kind, _channel, size = struct.unpack_from(">BHI", held, place)
            if len(held) - place < size + 8:
                break
            yield kind, held[place + 7 : place + 7 + size]
            place += size + 8
        held = held[place:]


def _short(text: str) -> bytes:
    return bytes([len(text)]) + text.encode()


def _frame(kind: int, channel: int, content: bytes) -> bytes:
    return struct.pack(">BHI", kind, channel, len(content)) + content + END


def _method(channel: int, kind: int, number: int, arguments: bytes) -> bytes:
    return _frame(1, channel, struct.pack(">HH", kind, number) + arguments)


def _message(exchange: str, name: str, properties: bytes, body: bytes) -> bytes:
    publish = _method(1, 60, 40, struct.pack(">H", 0) + _short(exchange) + _short(name) + b"\0")
    return publish + _frame(2, 1, struct.pack(">HHQ", 60, 0, len(body)) + properties) + _frame(3, 1, body)
