"""The embedded data path: one WSGI function, no framework, that sends each request where the table says, with its signed identity."""

from collections.abc import Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.wrappers import Response

from chassis import logs, problems
from chassis.auth import HEADER as IDENTITY_HEADER
from chassis.labels import _
from gateway import routing, shield
from gateway.places import Place, Places
from gateway.routing import Route
from gateway.sessions import FORGET_COOKIE, Caller, SessionEnded, Sessions, refuse_forgery

PLACE = "affilia.place"
PROBES = ("/healthz", "/readyz")
FEED = "/_feed/"
LONGEST_QUERY = 8_000
IDENTITY = "HTTP_" + IDENTITY_HEADER.upper().replace("-", "_")


class UnknownHost(problems.Refusal):
    status, slug, title = 421, "adresse-inconnue", _("Ce nom d'hôte ne mène à aucun espace de cette plateforme.")


class TooLarge(problems.Refusal):
    status, slug, title = 413, "trop-volumineux", _("L'envoi est trop volumineux.")


class TooLong(problems.Refusal):
    status, slug, title = 414, "adresse-trop-longue", _("L'adresse demandée est trop longue.")


class Unreadable(problems.Refusal):
    status, slug, title = 400, "requete-illisible", _("La requête est illisible.")


class Router:
    """``apps`` are the services by name; what the table does not lead to goes to the ``edge``, and producers go to the ``feed``."""

    def __init__(
        self,
        apps: Mapping[str, WSGIApplication],
        sessions: Sessions,
        places: Places,
        edge: WSGIApplication,
        feed: WSGIApplication,
        table: Mapping[str, Route] = routing.TABLE,
    ) -> None:
        self._apps, self._sessions, self._places = apps, sessions, places
        self._edge, self._feed, self._table = edge, feed, table
        self._log = logs.log("gateway")

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request, start = shield.cleaned(environ), shield.guarding(start_response)
        try:
            return self._choose(request)(request, start)
        except problems.Refusal as refusal:
            return _refused(refusal, request)(request, start)
        except Exception as error:
            self._log.exception("gateway.failed", error=type(error).__name__)
            return problems.from_status(500)(request, start)

    def _choose(self, request: dict[str, Any]) -> WSGIApplication:
        path = request["PATH_INFO"]
        if path in PROBES:
            return self._edge
        request[PLACE] = self._place(request)
        if len(path) > routing.LONGEST_PATH or len(request.get("QUERY_STRING") or "") > LONGEST_QUERY:
            raise TooLong
        if path.startswith(FEED):
            return self._feed
        found = routing.find(path, self._table)
        return self._mount(request, *found) if found else self._edge

    def _place(self, request: dict[str, Any]) -> Place:
        place = self._places.find(request.get("HTTP_HOST") or "")
        if place is None:
            raise UnknownHost
        return place

    def _mount(self, request: dict[str, Any], route: Route, rest: str) -> WSGIApplication:
        if body_size(request) > route.max_body:
            raise TooLarge(max_bytes=route.max_body)
        caller = Caller.of(request, request[PLACE])
        refuse_forgery(request, caller)
        app = self._apps.get(route.service)
        if app is None:
            raise problems.Unavailable
        identity = self._sessions.identity(caller, route.service)
        for name in shield.CREDENTIALS:
            request.pop(name, None)
        request |= {IDENTITY: identity, "SCRIPT_NAME": route.prefix, "PATH_INFO": rest or "/"}
        return app


def body_size(request: Mapping[str, Any]) -> int:
    """The announced size of the body, 0 when none is. Raises :class:`Unreadable`."""
    announced = str(request.get("CONTENT_LENGTH") or "0")
    if not announced.isascii() or not announced.isdigit():
        raise Unreadable
    return int(announced)


def _refused(refusal: problems.Refusal, request: Mapping[str, Any]) -> Response:
    """The problem; an ended session takes its cookie away, or it would stand between its owner and the sign-in."""
    answer = problems.from_refusal(refusal)
    if isinstance(refusal, SessionEnded) and "HTTP_COOKIE" in request:
        answer.headers.add("Set-Cookie", FORGET_COOKIE)
    return answer
