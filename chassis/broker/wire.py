"""A fact as an AMQP message: CloudEvents 1.0 in binary form, attributes in headers, the body is the fact alone."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid5

import msgspec

from chassis.envelope import UNREADABLE, Envelope

PREFIX = "cloudEvents:"
PERSISTENT = 2
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


ENVELOPE = ("specversion", "id", "type", "subject")


def write(channel: Any, envelope: Envelope) -> Any:
    """The message of an envelope, to be published under its name."""
    attributes = {"specversion": "1.0", "id": str(envelope.event_id), "type": envelope.name, "subject": envelope.subject}
    return channel.prepare_message(
        envelope.body,
        content_type="application/json",
        headers={PREFIX + name: value for name, value in (envelope.headers | attributes).items()},
        properties={"delivery_mode": PERSISTENT, "message_id": attributes["id"], "type": envelope.name},
    )


def read(message: Any) -> Envelope:
    """The envelope of a received message; of one that cannot be read, an envelope that says why and ends parked."""
    try:
        found = msgspec.convert(_attributes(message), Attributes)
    except Exception as error:  # mostly ``ValidationError``: whatever it is, it is this message's doing
        return unreadable(message, str(error))
    if found.type != message.delivery_info["routing_key"]:  # the broker grants topics by routing key
        return unreadable(message, "type and routing key differ")
    headers = {name: value for name, value in msgspec.to_builtins(found).items() if name not in ENVELOPE}
    return Envelope(found.id, found.type, found.subject, headers | {"time": found.time.isoformat()}, body(message))


def unreadable(message: Any, why: str) -> Envelope:
    """An envelope that keeps what came, under an id that the same bytes always have: redelivered, it is the same."""
    name, content = _plain(message.delivery_info["routing_key"]), body(message)
    came = {_plain(key): _plain(value) for key, value in list(_headers(message).items())[:MOST_HEADERS]}
    stable = sorted(item for item in came.items() if not item[0].startswith("x-"))  # the broker counts its deliveries there
    event_id = uuid5(NAMESPACE, hashlib.sha256(repr((name, stable)).encode() + content).hexdigest())
    headers = {"source": "affilia:broker", UNREADABLE: _plain(why), "received": came}
    return Envelope(event_id, name, f"{UNREADABLE}:{event_id}", headers, content)


def body(message: Any) -> bytes:
    """The bytes of a message: the library shows an empty body as an empty text."""
    return bytes(message.body or b"")


def _attributes(message: Any) -> dict[str, Any]:
    headers = _headers(message).items()
    return {key.removeprefix(PREFIX): value for key, value in headers if isinstance(key, str) and key.startswith(PREFIX)}


def _headers(message: Any) -> Mapping[Any, Any]:
    headers: Mapping[Any, Any] = message.properties.get("application_headers") or {}
    return headers


def _plain(value: object) -> str:
    """Any value as a short printable text."""
    text = value if isinstance(value, str) and value.isascii() and value.isprintable() else ascii(value)
    return text[:300]
