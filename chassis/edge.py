"""The door that only the edge opens: it shows a secret, and acts as the platform itself."""

import hmac
from typing import Any

from flask import g, request

from chassis import http, problems
from chassis.actor import SYSTEM, Actor
from chassis.auth import EDGE_HEADER


class InnerDoor(http.Door):
    """Whoever does not show the edge's secret finds nothing here."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, audience=(http.EVERYONE,), **options)

    def _let_in(self) -> None:
        if not is_edge():
            raise problems.NotFound
        act_as(SYSTEM)


def is_edge() -> bool:
    """Whether who calls shows the edge's secret; without one configured, nobody is the edge."""
    secret = http.running().settings.keys.edge_secret
    return bool(secret) and hmac.compare_digest(secret.encode(), request.headers.get(EDGE_HEADER, "").encode())


def act_as(actor: Actor) -> None:
    """Before the first statement, so that row-level security binds this actor and no other."""
    g.work.actor = g.work.session.actor = actor
