"""The producers' door over HTTP: batches of CloudEvents, checked whole, then put durably where those who listen will find them."""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID
from wsgiref.types import StartResponse

import msgspec
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

import events
from chassis import logs, problems
from chassis.envelope import Envelope
from chassis.labels import _
from chassis.sealing import CannotOpen, Sealer
from chassis.trace import accept
from events.fact import Fact
from gateway.config import Settings
from gateway.errors import TooLarge

MOST_EVENTS = 500
MOST_BYTES = 5_000_000
LONGEST_ATTRIBUTE = 300
TYPES = ("application/cloudevents-batch+json", "application/json")
PUBLISHER = "dsn."
"""The only facts that come from outside: a producer may not speak for a service."""


class Stranger(problems.Refusal):
    status, slug, title = 401, "jeton-refuse", _("Le jeton du producteur est absent ou refusé.")


class BadBatch(problems.Refusal):
    """``errors`` lists ``{"index", "reason"}``; nothing of the batch was taken."""

    status, slug, title = 422, "lot-refuse", _("Le lot contient des événements à corriger : rien n'a été pris.")


class NobodyListens(problems.Refusal):
    status, slug, title = 409, "sans-destinataire", _("Aucun service n'attend cet événement : rien n'a été pris.")


UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What a decoder raises: for what is not JSON, not UTF-8, or nested without end."""


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


class Room(Protocol):
    """Where facts are handed over: the inboxes themselves, or the broker in front of them."""

    def knows(self, name: str) -> bool:
        """Whether somebody listens to a fact."""

    def hand_over(self, envelopes: Sequence[Envelope]) -> int | None:
        """Returns once all are durably kept: how many were new, if it can be known."""


class Door:
    """A WSGI application: ``POST /_feed/events`` and ``GET /_feed/key``. Without a ``sealer`` nobody here opens sealed fields."""

    routes: ClassVar[Mapping[str, str]] = {"/_feed/events": "POST", "/_feed/key": "GET"}

    def __init__(self, settings: Settings, room: Room, sealer: Sealer | None) -> None:
        self._expected = f"Bearer {settings.feed_token}".encode()
        self._key = settings.feed_key
        self._room, self._sealer = room, sealer

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = MOST_BYTES
        try:
            answer = self._answer(request)
        except problems.Refusal as refusal:
            answer = problems.from_refusal(refusal)
        except HTTPException as error:
            answer = problems.from_status(error.code or 400)
        except SQLAlchemyError as error:
            logs.log("gateway").error("feed.database", error=type(error).__name__)
            answer = problems.from_refusal(problems.Unavailable())
        return answer(environ, start_response)

    def _answer(self, request: Request) -> Response:
        method = self.routes.get(request.path)
        if method is None:
            return problems.from_status(404)
        if request.method != method:
            answer = problems.from_status(405)
            answer.headers["Allow"] = method
            return answer
        return _json(200, self._key) if method == "GET" else self._take(request)

    def _take(self, request: Request) -> Response:
        self._recognise(request)
        envelopes = self._read(request)
        for envelope in envelopes:
            if not self._room.knows(envelope.name):
                raise NobodyListens(event=envelope.name)
        new = self._room.hand_over(envelopes)
        repeated = {} if new is None else {"repeated": len(envelopes) - new}
        return _json(202, {"accepted": len(envelopes), **repeated})

    def _recognise(self, request: Request) -> None:
        shown = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(shown, self._expected):
            raise Stranger

    def _read(self, request: Request) -> list[Envelope]:
        if request.mimetype not in TYPES:
            raise _status(415)
        batch = _batch(request)
        read = [self._envelope(raw) for raw in batch]
        flaws = [{"index": index, "reason": str(flaw)} for index, flaw in enumerate(read) if isinstance(flaw, Flaw)]
        if flaws:
            raise BadBatch(errors=flaws)
        return [envelope for envelope in read if isinstance(envelope, Envelope)]

    def _envelope(self, raw: msgspec.Raw) -> Envelope | Flaw:
        """One event as the inbox takes it, or what is wrong with it."""
        try:
            event = _event(raw)
            fact = self._fact(event)
            if event.subject != fact.subject:
                raise Flaw(_("« subject » n'est pas celui que dit le fait."))
            return Envelope(event.id, event.type, event.subject, _headers(event), bytes(event.data))
        except Flaw as flaw:
            return flaw

    def _fact(self, event: CloudEvent) -> Fact:
        kind = events.CATALOGUE.get(event.type) if event.type.startswith(PUBLISHER) else None
        if kind is None:
            raise Flaw(_("Ce type d'événement n'est pas accepté des producteurs."))
        try:
            return events.decode(kind, bytes(event.data), _legible(self._sealer, event))
        except UNREADABLE as error:
            raise Flaw(why(error)) from error


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


def _batch(request: Request) -> Sequence[msgspec.Raw]:
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(max_bytes=MOST_BYTES)
    try:
        batch = msgspec.json.decode(request.get_data(cache=False), type=list[msgspec.Raw])
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


def _status(code: int) -> HTTPException:
    error = HTTPException()
    error.code = code
    return error


def _json(status: int, body: Any) -> Response:
    return Response(msgspec.json.encode(body), status=status, content_type="application/json")
