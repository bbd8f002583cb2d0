"""What every request meets first, embedded or behind nginx: clean headers, a known host, an address of bearable length; and the shield."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.wrappers import Response

from chassis import logs, problems
from gateway import routing, shield
from gateway.errors import Failed, SessionEnded, TooLong, UnknownHost, UnknownMethod
from gateway.places import Place, Places
from gateway.sessions import FORGET_COOKIE

PLACE = "affilia.place"
PROBES = ("/healthz", "/readyz")
FEED = "/_feed/"


class Threshold:
    """A WSGI application. Pages and probes go to the ``edge``, producers to the ``feed``; the rest is for whoever extends this."""

    def __init__(self, places: Places, edge: WSGIApplication, feed: WSGIApplication) -> None:
        self._places, self._edge, self._feed = places, edge, feed
        self._log = logs.log("gateway")

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request, start = self.heard(environ), shield.guarding(start_response)
        try:
            return self._choose(request)(request, start)
        except problems.Refusal as refusal:
            return self.refused(refusal, request)(request, start)
        except Exception as error:
            self._log.exception("gateway.failed", error=type(error).__name__)
            return self.refused(Failed(), request)(request, start)

    def heard(self, environ: dict[str, Any]) -> dict[str, Any]:
        """The request as it is believed."""
        return shield.cleaned(environ)

    def beyond(self, request: dict[str, Any]) -> WSGIApplication:
        """Who answers what is neither a probe nor a producer's."""
        return self._edge

    def refused(self, refusal: problems.Refusal, request: dict[str, Any]) -> Response:
        """How a refusal is told."""
        return told(refusal, cookie="HTTP_COOKIE" in request)

    def _choose(self, request: dict[str, Any]) -> WSGIApplication:
        path = request["PATH_INFO"]
        if request["REQUEST_METHOD"] not in routing.METHODS:
            raise UnknownMethod
        if path in PROBES:
            return self._edge
        request[PLACE] = self._place(request)
        if len(path) > routing.LONGEST_PATH or len(request.get("QUERY_STRING") or "") > routing.LONGEST_QUERY:
            raise TooLong
        return self._feed if path.startswith(FEED) else self.beyond(request)

    def _place(self, request: dict[str, Any]) -> Place:
        place = self._places.find(request.get("HTTP_HOST") or "")
        if place is None:
            raise UnknownHost
        return place


def told(refusal: problems.Refusal, *, cookie: bool = False) -> Response:
    """The problem; an ended session takes its cookie away, or it would stand between its owner and the sign-in."""
    answer = problems.from_refusal(refusal)
    if cookie and isinstance(refusal, SessionEnded):
        answer.headers.add("Set-Cookie", FORGET_COOKIE)
    if isinstance(refusal, UnknownMethod):
        answer.headers["Allow"] = ", ".join(routing.METHODS)
    return answer
