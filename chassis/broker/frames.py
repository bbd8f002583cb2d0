"""AMQP 0-9-1 as bytes, for the two things done thousands of times a second: messages that are delivered, messages that are published.

The library takes a frame from the socket in three sips and a message apart field by field: here a large piece is read at once and only what
is needed is looked at; a window of messages is one text. Every other frame is the library's.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from struct import Struct, unpack_from
from typing import Any, NamedTuple

from amqp.serialization import decode_properties_basic

METHOD, HEADER, BODY = 1, 2, 3
BASIC = 60
DELIVER, PUBLISH = b"\x00\x3c\x00\x3c", b"\x00\x3c\x00\x28\x00\x00"
MANDATORY = b"\x01"
END, END_BYTE = 0xCE, b"\xce"
HEAD = Struct(">BHI")
"""Type, channel and size, in front of each frame."""
SIZE = Struct(">Q")
CONTENT = Struct(">HHQ")
"""The class, a weight that is always 0, and the size of a body: what a content header begins with."""
PROPERTIES_AT = 12
"""Of a content header: class, weight and size of the body come before the properties."""
NAMED = 0x2000
"""The flag of a table of headers; those of the two short texts before it."""
SHORT_TEXTS = (0x8000, 0x4000)
NUMBER, LONG = Struct(">I"), Struct(">q")
TEXT = ord("S")
NUMBERS = {ord("I"): Struct(">i"), ord("l"): LONG}

Frame = tuple[int, int, bytes]


class BrokenFrame(ConnectionError):
    """What comes is not AMQP any more."""


class Delivery(NamedTuple):
    """A message as it was delivered. ``name`` is its routing key."""

    tag: int
    redelivered: bool
    name: str
    properties: bytes
    body: bytes


class Inflow:
    """Cuts what one connection receives into frames: deliveries to ``on_delivery``, all others to ``on_frame``."""

    def __init__(self, on_frame: Callable[[Frame], Any]) -> None:
        self.on_delivery: Callable[[Delivery], None] | None = None
        self._on_frame = on_frame
        self._held = b""
        self._begun: tuple[int, bool, str] | None = None
        self._properties = b""
        self._pieces: list[bytes] = []
        self._left = 0

    @property
    def missing(self) -> int:
        """How many bytes are sure to come before the next frame begins; 0 between two frames."""
        held = len(self._held)
        if held < HEAD.size:
            return HEAD.size - held if held else 0
        return HEAD.size + int(HEAD.unpack_from(self._held)[2]) + 1 - held

    def feed(self, piece: bytes) -> None:
        """Handle every frame that a piece completes."""
        held, place = self._held + piece, 0
        while len(held) - place > HEAD.size:
            kind, channel, size = HEAD.unpack_from(held, place)
            start, end = place + HEAD.size, place + HEAD.size + size
            if end >= len(held):
                break
            if held[end] != END:
                raise BrokenFrame
            self._take(kind, channel, held[start:end])
            place = end + 1
        self._held = held[place:]

    def _take(self, kind: int, channel: int, content: bytes) -> None:
        if kind == METHOD and self.on_delivery and content.startswith(DELIVER):
            self._begun = _begun(content)
        elif kind == HEADER and self._begun:
            self._left, self._properties = SIZE.unpack_from(content, 4)[0], content[PROPERTIES_AT:]
            self._end_if_whole()
        elif kind == BODY and self._begun:
            self._pieces.append(content)
            self._left -= len(content)
            self._end_if_whole()
        else:
            self._on_frame((kind, channel, content))

    def _end_if_whole(self) -> None:
        if self._left > 0 or self._begun is None or self.on_delivery is None:
            return
        delivery = Delivery(*self._begun, self._properties, b"".join(self._pieces))
        self._begun, self._pieces = None, []
        self.on_delivery(delivery)


def headers(properties: bytes) -> dict[Any, Any]:
    """The table of headers among a message's properties, empty when it has none. Raises what the library raises when they make no sense."""
    found = _plain_headers(properties)
    if found is None:
        found = decode_properties_basic(properties, 0)[0].get("application_headers") or {}
    return found


def published(exchange: str, name: str, properties: bytes, body: bytes, *, channel: int, most: int) -> bytes:
    """The frames of a mandatory message, none larger than ``most`` bytes."""
    pieces = (body[start : start + most] for start in range(0, len(body), most))
    begin = _frame(METHOD, channel, PUBLISH + short_text(exchange) + short_text(name) + MANDATORY)
    header = _frame(HEADER, channel, CONTENT.pack(BASIC, 0, len(body)) + properties)
    return b"".join((begin, header, *(_frame(BODY, channel, piece) for piece in pieces)))


def table(values: Mapping[str, str | int]) -> bytes:
    """Headers as they travel. Raises ``struct.error`` for a value that is neither a text nor a whole number."""
    items = b"".join(short_text(key) + _written(value) for key, value in values.items())
    return NUMBER.pack(len(items)) + items


@lru_cache(1024)
def short_text(text: str) -> bytes:
    """A text of at most 255 bytes. Raises ``ValueError`` for a longer one."""
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded


def _written(value: str | int) -> bytes:
    if isinstance(value, str):
        encoded = value.encode()
        return b"S" + NUMBER.pack(len(encoded)) + encoded
    return b"l" + LONG.pack(value)


def _frame(kind: int, channel: int, content: bytes) -> bytes:
    return HEAD.pack(kind, channel, len(content)) + content + END_BYTE


def _begun(content: bytes) -> tuple[int, bool, str]:
    """Tag, whether it was delivered before, routing key."""
    place = 5 + content[4]
    tag, redelivered = unpack_from(">QB", content, place)
    place += 10 + content[place + 9]
    return tag, bool(redelivered), content[place + 1 : place + 1 + content[place]].decode(errors="backslashreplace")


def _plain_headers(properties: bytes) -> dict[Any, Any] | None:
    """A table of texts and whole numbers, which is all that we write; ``None`` for anything else."""
    flags, place = int.from_bytes(properties[:2]), 2
    for flag in SHORT_TEXTS:
        if flags & flag:
            place += 1 + properties[place]
    if not flags & NAMED:
        return None
    place, end = place + 4, place + 4 + NUMBER.unpack_from(properties, place)[0]
    try:
        return dict(_items(properties, place, end))
    except (KeyError, UnicodeDecodeError):
        return None


def _items(table: bytes, place: int, end: int) -> Iterator[tuple[str, str | int]]:
    """Keys and values. Raises ``KeyError`` for a value of any other type."""
    while place < end:
        start = place + 1
        kind = start + table[place]
        key = table[start:kind].decode()
        if table[kind] == TEXT:
            start = kind + 5
            place = start + NUMBER.unpack_from(table, kind + 1)[0]
            yield key, table[start:place].decode()
        else:
            number = NUMBERS[table[kind]]
            place = kind + 1 + number.size
            yield key, number.unpack_from(table, kind + 1)[0]
