"""Two doors that do not ask who calls: visitors prove who they are row by row, the edge shows its secret."""

from typing import Any

from flask import request

from chassis import edge, http
from chassis.actor import ANONYMOUS, Actor
from chassis.problems import Forbidden, NotFound
from services.identity import access
from services.identity.adapters import browser_name

EDGE = Actor(kind="edge")


class VisitorDoor(http.Door):
    """For everyone, signed in or not: whoever signs in, activates or comes back does it as a visitor of one space of one brand."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, audience=(http.EVERYONE,), **options)

    def _let_in(self) -> None:
        caller = http.work().actor
        browser = browser_name(request.user_agent.string)
        edge.act_as(Actor(kind=ANONYMOUS, brand=caller.brand, space=caller.space, address=caller.address, browser=browser))
        if not access.space_is_known(http.work()):
            raise NotFound


class EdgeDoor(http.Door):
    """For the edge alone: never reachable through the gateway, and shut without the edge's secret."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, audience=(EDGE.kind,), **options)

    def _let_in(self) -> None:
        if not edge.is_edge():
            raise Forbidden
        edge.act_as(EDGE)
