"""The whole platform in one process: six services, their relays and workers, the feed's door and the edge, behind one WSGI function."""

import importlib
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import Any
from wsgiref.types import WSGIApplication

from chassis import run
from chassis.http import create_app
from chassis.relay import Mailroom
from chassis.service import Running, Service
from gateway import edge, feed, routing
from gateway.config import Settings, brands
from gateway.places import Places
from gateway.router import Router
from gateway.sessions import Sessions
from gateway.upstream import InProcess

SERVICES: Mapping[str, str] = {name: f"services.{name}.app:SERVICE" for name in routing.TABLE}
"""Where each service is described; nothing is imported before it is asked for."""


def find(names: Iterable[str] = SERVICES) -> dict[str, Service]:
    """Services by name, imported now."""
    return {name: _import(SERVICES[name]) for name in names}


def _import(target: str) -> Any:
    module, _colon, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


class Platform:
    """Running services under one roof: ``with Platform(…) as platform: serve(platform.wsgi)``. ``others`` are given as they are."""

    def __init__(
        self,
        services: Mapping[str, Running],
        settings: Settings,
        *,
        table: Mapping[str, routing.Route] = routing.TABLE,
        others: Mapping[str, WSGIApplication] | None = None,
    ) -> None:
        self.services = dict(services)
        self.mailroom = Mailroom(self.services.values())
        self._roles: list[run.Role] = []
        apps = {name: create_app(running) for name, running in self.services.items()} | dict(others or {})
        upstream = InProcess(apps)
        known = brands(settings.brands)
        places = Places(known, settings.front_hosts)
        front = edge.create(settings, known, upstream, {name: running.service for name, running in self.services.items()})
        door = feed.Door(settings, self.mailroom, next(iter(self.services.values())).sealer, upstream)
        self.wsgi: WSGIApplication = Router(apps, Sessions(upstream, settings.edge_secret), places, front, door, table)

    def start(self) -> "Platform":
        """Let relays and workers run."""
        self._roles = [role for running in self.services.values() for role in (run.worker(running), run.relay(running, self.mailroom))]
        for role in self._roles:
            role.start()
        return self

    def stop(self) -> None:
        """End relays and workers after the batch in hand, then let go of the databases."""
        run.stop(self._roles)
        self._roles = []
        for running in self.services.values():
            running.stop()

    def __enter__(self) -> "Platform":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
