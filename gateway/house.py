"""What every page of the edge can reach: the settings, the brands, the services as they describe themselves, one client to call them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, request

from chassis.auth import EDGE_HEADER
from chassis.service import Service
from gateway.config import EdgeBrand, Settings, default_brand
from gateway.places import Place
from gateway.readiness import Readiness
from gateway.threshold import PLACE
from gateway.upstream import Answer, Upstream

NAME = "house"


@dataclass(frozen=True)
class House:
    """Made once, at start."""

    settings: Settings
    brands: Mapping[str, EdgeBrand]
    upstream: Upstream
    services: Mapping[str, Service]
    readiness: Readiness

    @property
    def place(self) -> Place:
        """Where the visitor of this request stands (probes have no place: the front)."""
        return request.environ.get(PLACE) or Place(default_brand(self.brands), "assure", front=True)

    @property
    def brand(self) -> EdgeBrand:
        return self.brands[self.place.brand]

    def ask_inside(self, service: str, path: str) -> Answer:
        """One of a service's internal routes, read as the edge. Raises ``Down``."""
        return self.upstream.ask(service, "GET", path, headers={EDGE_HEADER: self.settings.edge_secret})


def house() -> House:
    """The house of the current application."""
    found: House = current_app.extensions[NAME]
    return found
