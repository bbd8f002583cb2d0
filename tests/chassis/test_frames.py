"""What the broker sends, cut into frames whatever the pieces it comes in, and headers read as the library reads them."""

import struct
from datetime import UTC, datetime
from typing import Any

import pika
import pytest
from amqp.serialization import decode_properties_basic

from chassis.broker import frames
from chassis.broker.frames import BrokenFrame, Delivery, Inflow

HEARTBEAT = b"\x08\0\0\0\0\0\0\xce"


def frame(kind: int, content: bytes) -> bytes:
    return struct.pack(">BHI", kind, 1, len(content)) + content + b"\xce"


def delivered(tag: int, body: bytes, *, redelivered: bool = False, most: int = 1000, properties: bytes = b"\0\0") -> bytes:
    """A delivery as the broker writes it, its body in frames of ``most`` bytes."""
    begin = b"\x00\x3c\x00\x3c\x03tag" + struct.pack(">QB", tag, redelivered) + b"\x08exchange\x06a.b.v1"
    pieces = [body[start : start + most] for start in range(0, len(body), most)]
    header = struct.pack(">HHQ", 60, 0, len(body)) + properties
    return frame(1, begin) + frame(2, header) + b"".join(frame(3, piece) for piece in pieces)


def received(stream: bytes, at_once: int) -> tuple[list[Delivery], list[Any], Inflow]:
    """What comes of a stream that arrives in pieces of ``at_once`` bytes."""
    deliveries: list[Delivery] = []
    others: list[Any] = []
    inflow = Inflow(others.append)
    inflow.on_delivery = deliveries.append
    for start in range(0, len(stream), at_once):
        inflow.feed(stream[start : start + at_once])
    return deliveries, others, inflow


@pytest.mark.parametrize("at_once", [1, 7, 8, 100, 100_000])
def test_pieces_of_any_size_make_the_same_messages(at_once: int):
    long = bytes(range(256)) * 20
    stream = delivered(1, b"{}") + HEARTBEAT + delivered(2, long, redelivered=True) + delivered(3, b"") + frame(1, b"\0\x3c\0\x50")
    deliveries, others, inflow = received(stream, at_once)
    assert deliveries == [
        Delivery(1, False, "a.b.v1", b"\0\0", b"{}"),
        Delivery(2, True, "a.b.v1", b"\0\0", long),
        Delivery(3, False, "a.b.v1", b"\0\0", b""),
    ]
    assert others == [(8, 0, b""), (1, 1, b"\0\x3c\0\x50")]
    assert inflow.missing == 0


def test_a_heartbeat_between_two_parts_of_a_message_does_not_break_it():
    whole = delivered(9, b"x" * 20, most=10)
    middle = len(whole) - 18
    deliveries, others, _ = received(whole[:middle] + HEARTBEAT + whole[middle:], 5)
    assert (deliveries[0].body, len(others)) == (b"x" * 20, 1)


def test_it_is_known_how_much_is_missing_of_a_frame():
    stream = frame(3, b"12345")
    for cut in range(1, len(stream)):
        _, others, inflow = received(stream[:cut], cut)
        place = cut
        while missing := inflow.missing:
            inflow.feed(stream[place : place + missing])
            place += missing
        assert (place, others) == (len(stream), [(3, 1, b"12345")])


def test_what_is_no_frame_ends_the_link():
    with pytest.raises(BrokenFrame):
        received(frame(1, b"1234")[:-1] + b"x", 100)


def encoded(headers: dict[str, Any] | None, **options: Any) -> bytes:
    return b"".join(pika.BasicProperties(headers=headers, **options).encode())


@pytest.mark.parametrize(
    "properties",
    [
        encoded(None),
        encoded({}),
        encoded({"cloudEvents:id": "é", "n": 3, "big": 2**40, "less": -1}, content_type="application/json", content_encoding="utf-8"),
        encoded({"bytes": b"\xed\xa0\x80", "at": datetime(2026, 7, 1, tzinfo=UTC), "none": None, "deep": {"a": [1, "b"]}}, delivery_mode=2),
    ],
    ids=["none", "empty", "plain", "of all kinds"],
)
def test_headers_are_read_as_the_library_reads_them(properties: bytes):
    assert frames.headers(properties) == (decode_properties_basic(properties, 0)[0].get("application_headers") or {})
