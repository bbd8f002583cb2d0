"""A small platform for the gateway's tests: the parcels service behind the real router, with an issuer of identities that fits one page."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest
from werkzeug.test import Client

from chassis.config import Keys
from chassis.testing import Bench
from gateway import distributed
from gateway.config import EdgeSettings, Settings
from gateway.embedded import Platform
from gateway.routing import Route
from tests.chassis.parcels.app import SERVICE
from tests.gateway.issuer import Issuer
from tests.gateway.mirror import Mirror
from tests.gateway.stand import Heard, address, ask, served
from tests.nginx import SECRET, Nginx, binary, private_nginx

BRANDS = Path(__file__).resolve().parents[2] / "deploy" / "brands"
TABLE = {"parcels": Route("parcels", 20_000, "commis")}
WIDER = TABLE | {"mirror": Route("mirror", 1_000_000, ""), "absent": Route("absent", 1_000, "", counted=True)}
"""For what is asked of both shapes of the platform: a service that shows what it was sent, one that does not run."""
NOWHERE = "http://127.0.0.1:9"


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


@pytest.fixture(scope="session")
def mirror() -> Mirror:
    return Mirror()


@pytest.fixture(scope="session")
def embedded(bench: Bench, settings: Settings, issuer: Issuer, mirror: Mirror) -> Iterator[int]:
    """The port of the embedded platform."""
    others = {"identity": issuer, "mirror": mirror}
    with served(Platform({"parcels": bench.running}, settings, table=WIDER, others=others).wsgi) as port:
        yield port


@pytest.fixture(scope="session")
def upstreams(bench: Bench, issuer: Issuer, mirror: Mirror) -> Iterator[dict[str, str]]:
    """Where each service answers, on a server of its own."""
    with ExitStack() as servers:
        apps = {"parcels": bench.app, "identity": issuer, "mirror": mirror}
        yield {name: address(servers.enter_context(served(app))) for name, app in apps.items()} | {"absent": NOWHERE}


@pytest.fixture(scope="session")
def edge_settings(settings: Settings, upstreams: dict[str, str]) -> EdgeSettings:
    own = {"upstreams": upstreams, "broker_url": "amqp://127.0.0.1:9", "front_secret": SECRET}
    return EdgeSettings(**msgspec.structs.asdict(settings), **own)


@pytest.fixture(scope="session")
def nginx(edge_settings: EdgeSettings, upstreams: dict[str, str]) -> Iterator[Nginx]:
    """nginx in front of the edge and of services, each on a server of its own."""
    binary()
    with (
        served(distributed.create(edge_settings, {"parcels": SERVICE})) as edge,
        private_nginx(address(edge), upstreams, table=WIDER) as server,
    ):
        yield server


@pytest.fixture
def afresh(bench: Bench, issuer: Issuer) -> Iterator[None]:
    """Nothing is left behind for the next test."""
    yield
    bench.empty()
    issuer.forget()


@pytest.fixture
def both(embedded: int, nginx: Nginx, afresh: None) -> Callable[..., Heard]:
    """Ask the embedded platform, then nginx; the answers must be the same, and are returned as one."""

    def both(*question: Any) -> Heard:
        first, second = (ask(port, *question) for port in (embedded, nginx.port))
        assert second.said == first.said
        return first

    return both
