"""From an envelope to whoever hears it: the fact inside, opened, and the handler it goes to. Nothing here touches the database."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

import msgspec

import events
from chassis.envelope import UNREADABLE, Envelope
from chassis.sealing import CannotOpen
from chassis.service import Handler, Running
from chassis.work import Told
from events.fact import Fact

NO_TRACE = "00-" + "0" * 31 + "1-" + "0" * 15 + "1-01"
E = TypeVar("E", bound=Envelope)


class Unreadable(Exception):
    """Trying again cannot help: the fact is parked at once."""


def runs(running: Running, envelopes: Iterable[E]) -> Iterator[tuple[Handler | None, list[E]]]:
    """The envelopes in their order, split where the handler changes; ``None`` hears what nobody listens to."""
    for handler, run in groupby(envelopes, key=lambda envelope: _handler(running, envelope.name)):
        yield handler, list(run)


class Heard(NamedTuple):
    """An envelope and what it tells; ``None`` when it cannot be read, or must not be yet."""

    envelope: Envelope
    told: Told[Any] | None


def hear(running: Running, envelope: Envelope) -> Heard:
    """Open an envelope. Raises nothing, whatever is in it."""
    try:
        return Heard(envelope, told(running, envelope))
    except Exception:  # mostly ``Unreadable``, and whatever a stranger may have thought of
        return Heard(envelope, None)


def told(running: Running, envelope: Envelope) -> Told[Any]:
    """What an envelope tells. Raises :class:`Unreadable`."""
    headers = envelope.headers
    if UNREADABLE in headers:
        raise Unreadable(headers[UNREADABLE])
    if _handler(running, envelope.name) is None:
        raise Unreadable(f"{running.name} does not listen to {envelope.name[:80]}")
    return Told(
        fact=read(running, events.CATALOGUE[envelope.name], envelope),
        id=envelope.event_id,
        time=datetime.fromisoformat(headers["time"]),
        brand=headers.get("brand") or "",
        trace=headers.get("traceparent") or NO_TRACE,
    )


def read(running: Running, kind: type[Fact], envelope: Envelope) -> Fact:
    """The fact inside an envelope. Raises :class:`Unreadable`."""
    try:
        return events.decode(kind, envelope.body, running.sealer.opening(envelope.name, envelope.headers.get("contentkey")))
    except (msgspec.DecodeError, CannotOpen) as error:
        raise Unreadable(f"{envelope.name} cannot be read: {error}") from error


def _handler(running: Running, name: str) -> Handler | None:
    kind = events.CATALOGUE.get(name)
    return running.service.subscriptions.get(kind) if kind else None
