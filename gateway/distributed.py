"""The edge in a process of its own: embedded's pages and doors, and the question that nginx asks before each call to a service."""

from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIApplication

from werkzeug.wrappers import Response

from chassis import auth, problems
from chassis.broker.topology import Topology
from chassis.sealing import Sealer
from chassis.service import Service
from gateway import edge, feed, vouched
from gateway.broker_room import BrokerRoom
from gateway.config import EdgeSettings, brands
from gateway.places import Places
from gateway.sessions import Sessions
from gateway.threshold import PLACE, Threshold
from gateway.upstream import OverHttp

ASKED_FOR = "affilia.asked_for"
UNKEPT_S = 0.0
"""nginx keeps identities; kept here too, a revoked session would live twice as long."""


class Behind(Threshold):
    """A WSGI application. ``secret`` is what nginx shows to be believed."""

    def __init__(self, secret: str, sessions: Sessions, places: Places, edge: WSGIApplication, feed: WSGIApplication) -> None:
        super().__init__(places, edge, feed)
        self._secret, self._sessions = secret, sessions

    def heard(self, environ: dict[str, Any]) -> dict[str, Any]:
        """A clean request, from the address that nginx says; its question is read as the call that it is about."""
        request, said = super().heard(environ), vouched.read(environ, self._secret)
        if said is None:
            return request
        if request["PATH_INFO"] == vouched.QUESTION:
            request |= {"REQUEST_METHOD": said.method, ASKED_FOR: said.service}
        return request | {"REMOTE_ADDR": said.address}

    def beyond(self, request: dict[str, Any]) -> WSGIApplication:
        if ASKED_FOR not in request:
            return self._edge
        identity = self._sessions.admit(request, request[PLACE], request[ASKED_FOR])
        return Response(status=204, headers={auth.HEADER: identity})

    def refused(self, refusal: problems.Refusal, request: dict[str, Any]) -> Response:
        """The refusal itself, or its name to nginx, which tells it to the client in the same words."""
        if ASKED_FOR in request:
            return Response(status=403, headers={vouched.REFUSAL: refusal.slug})
        return super().refused(refusal, request)


def create(settings: EdgeSettings, services: Mapping[str, Service]) -> WSGIApplication:
    """The edge of ``services`` that run elsewhere; producers' facts go to the broker."""
    known = brands(settings.brands)
    upstream = OverHttp(settings.upstreams)
    sessions = Sessions(upstream, settings.edge_secret, kept_s=UNKEPT_S)
    pages = edge.create(settings, known, upstream, services)
    sealer = Sealer({}, "", settings.feed_private) if settings.feed_private else None
    door = feed.Door(settings, BrokerRoom(settings.broker_url, Topology.of(services.values())), sealer, upstream)
    return Behind(settings.front_secret, sessions, Places(known, settings.front_hosts), pages, door)
