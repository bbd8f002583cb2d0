"""The producers' door over HTTP: batches of CloudEvents, checked whole, then put durably where those who listen will find them; what
became of them; and a file checked without anything of it being kept."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from io import BytesIO
from typing import Annotated, Any, ClassVar, Protocol
from uuid import UUID
from wsgiref.types import StartResponse

import msgspec
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from chassis import logs, problems
from chassis.auth import EDGE_HEADER
from chassis.envelope import Envelope
from chassis.labels import _
from chassis.sealing import Sealer
from gateway import batches, checking
from gateway.batches import MOST_EVENTS, UNREADABLE, BadBatch
from gateway.config import Settings
from gateway.errors import TooLarge
from gateway.producers import Senders
from gateway.upstream import Down, Upstream

MOST_BYTES = 5_000_000
TYPES = ("application/cloudevents-batch+json", "application/json")
JUDGE = "members"
"""The service that says what became of payroll facts."""


class NobodyListens(problems.Refusal):
    status, slug, title = 409, "sans-destinataire", _("Aucun service n'attend cet événement : rien n'a été pris.")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts whose receipts are asked for, by the ids they were sent under."""

    ids: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=MOST_EVENTS)]


class Room(Protocol):
    """Where facts are handed over: the inboxes themselves, or the broker in front of them."""

    def knows(self, name: str) -> bool:
        """Whether somebody listens to a fact."""

    def hand_over(self, envelopes: Sequence[Envelope]) -> int | None:
        """Returns once all are durably kept: how many were new, if it can be known."""


class Door:
    """A WSGI application for ``/_feed/…``. Without a ``sealer`` nobody here opens sealed fields."""

    def __init__(self, settings: Settings, room: Room, sealer: Sealer | None, upstream: Upstream) -> None:
        self._settings, self._senders = settings, Senders(settings)
        self._room, self._sealer, self._upstream = room, sealer, upstream

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

    def key(self, request: Request) -> Response:
        """The public key that producers seal under."""
        return _json(200, self._settings.feed_key)

    def take(self, request: Request) -> Response:
        """A batch of events: all of them, or none."""
        sender = self._senders.recognise(request)
        if request.mimetype not in TYPES:
            raise _status(415)
        found = batches.refuse_flaws([sender.judged(event) for event in batches.read(_body(request), self._sealer)])
        envelopes = [event.envelope for event in found]
        for envelope in envelopes:
            if not self._room.knows(envelope.name):
                raise NobodyListens(event=envelope.name)
        new = self._room.hand_over(envelopes)
        logs.log("gateway").info("feed.taken", producer=sender.key, facts=len(envelopes))
        return _json(202, {"accepted": len(envelopes), **({} if new is None else {"repeated": len(envelopes) - new})})

    def introduce(self, request: Request) -> Response:
        """Who the sender is taken for, and for which companies it declares."""
        sender = self._senders.recognise(request)
        return _json(200, {"name": sender.name, "sirens": sender.companies})

    def tell(self, request: Request) -> Response:
        """What became of facts of the sender's companies."""
        sender, asked = self._senders.recognise(request), _asked(request)
        edge, body = {EDGE_HEADER: self._settings.edge_secret}, {"ids": asked.ids, "sirens": sender.companies}
        try:
            said = self._upstream.ask(JUDGE, "POST", "/_/receipts", headers=edge, json=body)
        except Down as error:
            raise problems.Unavailable from error
        if said.status != 200:
            raise problems.Unavailable
        return Response(said.body, status=200, content_type="application/json")

    def check(self, request: Request) -> Response:
        """What a file would come to: nothing of it is published, nor kept."""
        return _json(200, checking.report(BytesIO(_body(request))))

    routes: ClassVar[Mapping[str, tuple[str, Callable[["Door", Request], Response]]]] = {
        "/_feed/key": ("GET", key),
        "/_feed/events": ("POST", take),
        "/_feed/producer": ("GET", introduce),
        "/_feed/receipts": ("POST", tell),
        "/_feed/check": ("POST", check),
    }

    def _answer(self, request: Request) -> Response:
        method, act = self.routes.get(request.path, ("", None))
        if act is None:
            return problems.from_status(404)
        if request.method != method:
            answer = problems.from_status(405)
            answer.headers["Allow"] = method
            return answer
        return act(self, request)


def _body(request: Request) -> bytes:
    if (request.content_length or 0) > MOST_BYTES:
        raise TooLarge(max_bytes=MOST_BYTES)
    return request.get_data(cache=False)


def _asked(request: Request) -> Asked:
    try:
        return msgspec.json.decode(_body(request), type=Asked)
    except UNREADABLE as error:
        raise BadBatch(_("Une liste « ids » de 500 identifiants au plus est attendue.")) from error


def _status(code: int) -> HTTPException:
    error = HTTPException()
    error.code = code
    return error


def _json(status: int, body: Any) -> Response:
    return Response(msgspec.json.encode(body), status=status, content_type="application/json")
