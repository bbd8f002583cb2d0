"""The embedded data path: one WSGI function, no framework, that sends each request where the table says, with its signed identity."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIApplication

from chassis import problems
from chassis.auth import HEADER as IDENTITY_HEADER
from gateway import routing, shield
from gateway.errors import TooLarge, Unreadable
from gateway.places import Places
from gateway.routing import Route
from gateway.sessions import Sessions
from gateway.threshold import PLACE, Threshold

IDENTITY = shield.variable(IDENTITY_HEADER)


class Router(Threshold):
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
        super().__init__(places, edge, feed)
        self._apps, self._sessions, self._table = apps, sessions, table

    def beyond(self, request: dict[str, Any]) -> WSGIApplication:
        found = routing.find(request["PATH_INFO"], self._table)
        return self._mount(request, *found) if found else self._edge

    def _mount(self, request: dict[str, Any], route: Route, rest: str) -> WSGIApplication:
        if body_size(request) > route.max_body:
            raise TooLarge(max_bytes=route.max_body)
        identity = self._sessions.admit(request, request[PLACE], route.service)
        app = self._apps.get(route.service)
        if app is None:
            raise problems.Unavailable
        shield.keep_for_service(request)
        request |= {IDENTITY: identity, "SCRIPT_NAME": route.prefix, "PATH_INFO": rest or "/"}
        return app


def body_size(request: Mapping[str, Any]) -> int:
    """The announced size of the body, 0 when none is. Raises :class:`Unreadable`."""
    announced = str(request.get("CONTENT_LENGTH") or "0")
    if not announced.isascii() or not announced.isdigit():
        raise Unreadable
    return int(announced)
