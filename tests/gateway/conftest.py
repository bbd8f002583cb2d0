"""A small platform for the gateway's tests: the parcels service behind the real router, with an issuer of identities that fits one page."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from chassis.config import Keys
from chassis.testing import Bench
from gateway.config import Settings
from gateway.embedded import Platform
from gateway.routing import Route
from tests.chassis.parcels.app import SERVICE
from tests.gateway.issuer import Issuer

BRANDS = Path(__file__).resolve().parents[2] / "deploy" / "brands"
TABLE = {"parcels": Route("parcels", 20_000, "commis")}


@pytest.fixture(scope="session")
def settings(keys: Keys) -> Settings:
    return Settings(
        mode="test",
        brands=BRANDS,
        edge_secret=keys.edge_secret,
        feed_token=secrets.token_urlsafe(16),
        feed_key={"id": "dev-feed", "public_key": "…"},
        show_caught=True,
    )


@pytest.fixture(scope="session")
def bench(make_bench: Any) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(scope="session")
def issuer(keys: Keys) -> Issuer:
    return Issuer(keys)


@pytest.fixture
def platform(bench: Bench, settings: Settings, issuer: Issuer) -> Platform:
    """Not started: its relays and workers sleep, so that each test says what happens."""
    return Platform({"parcels": bench.running}, settings, table=TABLE, others={"identity": issuer})


@pytest.fixture
def visit(platform: Platform, bench: Bench, issuer: Issuer) -> Iterator[Client]:
    """A visitor in front of the platform's own host."""
    yield Client(platform.wsgi, use_cookies=False)
    bench.empty()
    issuer.forget()
