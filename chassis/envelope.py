"""A fact in transit, whatever carries it."""

import uuid
from dataclasses import dataclass
from typing import Any

UNREADABLE = "unreadable"
"""The header of an envelope that was received broken: why it cannot be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What the outbox wrote, or what a producer published. ``headers`` hold source, time, brand, traceparent…"""

    event_id: uuid.UUID
    name: str
    subject: str
    headers: dict[str, Any]
    body: bytes
