"""A batch of CloudEvents as a producer sends it: each event becomes an envelope and the fact inside, or what is wrong with it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

import events
from chassis import problems
from chassis.envelope import Envelope
from chassis.labels import _
from chassis.sealing import CannotOpen, Sealer
from chassis.trace import accept
from events.fact import Fact
from events.noemie import StatementTold
from feeds.noemie.checks import wrong

MOST_EVENTS = 500
LONGEST_ATTRIBUTE = 300
PUBLISHERS = ("dsn.", "noemie.")
"""The only facts that come from outside: a producer may not speak for a service."""

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises: for what is not JSON, not UTF-8, or nested without end."""


class BadBatch(problems.Refusal):
    """``errors`` lists ``{"index", "reason"}``; nothing of the batch was taken."""

    status, slug, title = 422, "lot-refuse", _("Le lot contient des événements à corriger : rien n'a été pris.")


class Flaw(ValueError):
    """Why one event cannot be taken, in French and without its content."""


class CloudEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The envelope a producer sends (CloudEvents 1.0, JSON). ``data`` is the fact's body, sealed fields included."""

    id: UUID
    type: str
    source: str
    subject: str
    time: datetime
    data: msgspec.Raw
    contentkey: str | None = None
    traceparent: str | None = None
    specversion: Literal["1.0"]
    datacontenttype: Literal["application/json"] = "application/json"


class Event(NamedTuple):
    """An event that can be taken: as the inbox takes it, and what it tells."""

    envelope: Envelope
    fact: Fact


def read(body: bytes, sealer: Sealer | None) -> list[Event | Flaw]:
    """The events of a batch in their order. Without a ``sealer`` nobody here opens sealed fields. Raises ``BadBatch``."""
    return [_read(raw, sealer) for raw in _batch(body)]


def refuse_flaws(batch: Sequence[Event | Flaw]) -> list[Event]:
    """The events, when there is nothing else. Raises ``BadBatch``."""
    flaws = [{"index": index, "reason": str(flaw)} for index, flaw in enumerate(batch) if isinstance(flaw, Flaw)]
    if flaws:
        raise BadBatch(errors=flaws)
    return [event for event in batch if isinstance(event, Event)]


def _read(raw: msgspec.Raw, sealer: Sealer | None) -> Event | Flaw:
    try:
        event = _event(raw)
        fact = _fact(event, sealer)
        if event.subject != fact.subject:
            raise Flaw(_("« subject » n'est pas celui que dit le fait."))
        return Event(Envelope(event.id, event.type, event.subject, _headers(event), bytes(event.data)), fact)
    except Flaw as flaw:
        return flaw


def _fact(event: CloudEvent, sealer: Sealer | None) -> Fact:
    kind = events.CATALOGUE.get(event.type) if event.type.startswith(PUBLISHERS) else None
    if kind is None:
        raise Flaw(_("Ce type d'événement n'est pas accepté des producteurs."))
    try:
        fact = events.decode(kind, bytes(event.data), _legible(sealer, event))
    except UNREADABLE as error:
        raise Flaw(why(error)) from error
    if sealer is not None and isinstance(fact, StatementTold) and (reason := next(wrong(fact), None)):
        raise Flaw(_("Décompte refusé : {reason}.").format(reason=reason))
    return fact


def why(error: Exception) -> str:
    """What the decoder says, in French: the place of the trouble, never the value found there."""
    place = str(error).rpartition(" - at `")[2].rstrip("`").removeprefix("$.") if " - at `" in str(error) else ""
    at = _(" (champ {place})").format(place=place) if place and place != "$" else ""
    if isinstance(error.__cause__, CannotOpen):
        return _("Un champ scellé ne s'ouvre pas avec les clés de cette plateforme") + at + "."
    if "missing required field" in str(error):
        name = str(error).split("`")[1]
        return _("Le champ « {name} » manque").format(name=name) + at + "."
    return _("Le contenu n'est pas celui attendu") + at + "."


def _batch(body: bytes) -> Sequence[msgspec.Raw]:
    try:
        batch = msgspec.json.decode(body, type=list[msgspec.Raw])
    except UNREADABLE as error:
        raise BadBatch(_("Une liste JSON d'événements est attendue.")) from error
    if len(batch) > MOST_EVENTS:
        raise BadBatch(_("Un lot compte 500 événements au plus."), max_events=MOST_EVENTS)
    return batch


def _event(raw: msgspec.Raw) -> CloudEvent:
    try:
        event = msgspec.json.decode(raw, type=CloudEvent)
    except UNREADABLE as error:
        raise Flaw(why(error)) from error
    if event.time.tzinfo is None or not 2000 <= event.time.year <= 2100:
        raise Flaw(_("« time » est un instant de notre siècle, avec son fuseau horaire."))
    if b"\\u0000" in bytes(event.data):
        raise Flaw(_("Le contenu porte un caractère nul."))
    for text in (event.source, event.subject):
        if not text.isprintable() or not 0 < len(text) <= LONGEST_ATTRIBUTE:
            raise Flaw(_("« source » et « subject » comptent de 1 à 300 caractères visibles."))
    return event


def _legible(sealer: Sealer | None, event: CloudEvent) -> Any:
    """How the event's sealed fields are opened here: a text that no column can hold is refused like one that does not open.

    Without keys they stay sealed: a listener who cannot open one sets the fact aside.
    """
    if sealer is None:
        return str
    opening = sealer.opening(event.type, event.contentkey)

    def open_(sealed: str) -> str:
        text = opening(sealed)
        if "\0" in text:
            raise CannotOpen("holds a null character")
        return text

    return open_


def _headers(event: CloudEvent) -> dict[str, str]:
    """What travels beside the fact, as texts: an event without sealed fields brings no key."""
    key = {} if event.contentkey is None else {"contentkey": event.contentkey}
    return {
        "source": event.source,
        "time": event.time.astimezone(UTC).isoformat(),
        "brand": "",
        "traceparent": accept(event.traceparent),
        "causation": "",
        **key,
    }
