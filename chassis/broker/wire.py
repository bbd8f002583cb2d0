"""A fact as an AMQP message: CloudEvents 1.0 in binary form, attributes in headers, the body is the fact alone."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import msgspec

from chassis.broker import frames
from chassis.broker.frames import Delivery
from chassis.envelope import UNREADABLE, Envelope

PREFIX = "cloudEvents:"
FLAGS, JSON, PERSISTENT = b"\xb0\xa0", frames.short_text("application/json"), b"\x02"
"""Which properties are written: content type, headers, delivery mode, message id, type, in this order."""
NAMESPACE = UUID("0c0e1f9e-3c9d-5c63-8f0a-5f1b6f5a8a11")
"""The namespace of ids given to messages that bring none that can be read."""
MOST_HEADERS = 30

Text = Annotated[str, msgspec.Meta(max_length=300, pattern=r"\A[^\x00\ud800-\udfff]*\Z")]
"""What PostgreSQL can store and index."""


class Attributes(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The attributes that are read; any other is left on the broker."""

    specversion: Literal["1.0"]
    id: UUID
    type: Text
    subject: Text
    source: Text
    time: Annotated[datetime, msgspec.Meta(tz=True)]
    brand: Text | None = None
    traceparent: Text | None = None
    causation: Text | None = None
    contentkey: Text | None = None
    version: int | None = None


KEPT = ("source", "brand", "traceparent", "causation", "contentkey", "version")
"""What an envelope's headers keep as it came."""


def properties(envelope: Envelope) -> bytes:
    """The properties of an envelope's message; its body travels as it is."""
    event_id, name = str(envelope.event_id), envelope.name
    attributes = envelope.headers | {"specversion": "1.0", "id": event_id, "type": name, "subject": envelope.subject}
    headers = frames.table({PREFIX + key: value for key, value in attributes.items()})
    return FLAGS + JSON + headers + PERSISTENT + bytes([len(event_id)]) + event_id.encode() + frames.short_text(name)


def read(delivery: Delivery) -> Envelope:
    """The envelope of a received message; of one that cannot be read, an envelope that says why and ends parked."""
    try:
        found = msgspec.convert(_attributes(delivery), Attributes)
    except Exception as error:  # mostly ``ValidationError``: whatever it is, it is this message's doing
        return unreadable(delivery, str(error))
    if found.type != delivery.name:  # the broker grants topics by routing key
        return unreadable(delivery, "type and routing key differ")
    headers = {name: value for name in KEPT if (value := getattr(found, name)) is not None}
    return Envelope(found.id, found.type, found.subject, headers | {"time": found.time.isoformat()}, delivery.body)


def unreadable(delivery: Delivery, why: str) -> Envelope:
    """An envelope that keeps what came, under an id that the same bytes always have: redelivered, it is the same."""
    name, content = _plain(delivery.name), delivery.body
    came = {_plain(key): _plain(value) for key, value in list(_headers(delivery).items())[:MOST_HEADERS]}
    stable = sorted(item for item in came.items() if not item[0].startswith("x-"))  # the broker counts its deliveries there
    event_id = uuid5(NAMESPACE, hashlib.sha256(repr((name, stable)).encode() + content).hexdigest())
    headers = {"source": "affilia:broker", UNREADABLE: _plain(why), "received": came}
    return Envelope(event_id, name, f"{UNREADABLE}:{event_id}", headers, content)


def _attributes(delivery: Delivery) -> dict[str, Any]:
    came = _headers(delivery).items()
    return {key.removeprefix(PREFIX): value for key, value in came if isinstance(key, str) and key.startswith(PREFIX)}


def _headers(delivery: Delivery) -> Mapping[Any, Any]:
    """None at all where the properties cannot be read: unknown types, broken lengths, dates beyond time, whatever a stranger wrote."""
    try:
        return frames.headers(delivery.properties)
    except Exception:
        return {}


def _plain(value: object) -> str:
    """Any value as a short printable text."""
    text = value if isinstance(value, str) and value.isascii() and value.isprintable() else ascii(value)
    return text[:300]
