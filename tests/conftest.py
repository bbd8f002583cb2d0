"""What every test can lean on: a real PostgreSQL with a database a service under its app role, fresh keys, RabbitMQ, a whole platform."""

import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from affilia.local import LocalPostgres
from chassis.config import Keys
from chassis.service import Service
from chassis.testing import Bench, invented_keys
from tests.rabbitmq import SHARED, Broker, private_node
from tests.stack import choice

if TYPE_CHECKING:
    from tests.identity.oidc.provider import Provider
    from tests.stack.platform import Stack

HERE = Path(__file__).resolve().parent


TOGETHER = {"faults": "stack", "journeys": "stack"}
"""Parts whose tests share one distributed platform: in a run by several processes, one of them plays all of these."""


def pytest_configure() -> None:
    """A run started in the background ignores Ctrl-C, and so would every program that its tests start and interrupt."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A part is played by one process, in its order: its servers are started once. Journeys in one process need no stack."""
    for item in items:
        part = item.path.relative_to(HERE).parts[0]
        group = part if "[embedded" in item.name else TOGETHER.get(part, part)
        item.add_marker(pytest.mark.xdist_group(group))


def pytest_report_header() -> str:
    """How the servers behind the distributed platform are found."""
    return choice.header()


@pytest.fixture(scope="session")
def keys() -> Keys:
    return invented_keys()


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    """``TEST_DATABASE_URL`` when given, else a private embedded server for this run."""
    with (
        tempfile.TemporaryDirectory(prefix="affilia-tests-") as folder,
        LocalPostgres.chosen(Path(folder) / "postgres", "TEST_DATABASE_URL", durable=False) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def make_bench(postgres: LocalPostgres, keys: Keys) -> Iterator[Callable[..., Bench]]:
    """``make_bench(SERVICE)``: the service migrated on its own database."""

    benches: list[Bench] = []

    def make(service: Service, **settings: object) -> Bench:
        urls = postgres.create(service.name)
        benches.append(Bench(service, urls.app_url, urls.owner_url, keys, **settings))
        return benches[-1]

    yield make
    for bench in benches:
        bench.close()


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """``TEST_AMQP_URL`` when given, else a private node, else the one of this machine; a test takes names of its own on it."""
    if url := os.environ.get("TEST_AMQP_URL"):
        yield Broker(url)
        return
    with private_node() as node:
        found = node or Broker(SHARED)
        if not found.answers():
            pytest.skip("ni RabbitMQ installé, ni TEST_AMQP_URL, ni courtier sur 127.0.0.1:5672")
        yield found


@pytest.fixture(scope="session")
def elsewhere() -> Iterator["Provider"]:
    """Another house, whose word opens Klesia Pro's member space on whole platforms (OpenID Connect)."""
    from tests.identity.oidc import provider

    with provider.running() as found:
        yield found


@pytest.fixture(scope="session")
def stack(elsewhere: "Provider") -> Iterator["Stack"]:
    """The distributed platform, its parts and servers private and killable; started by the first test that asks for it."""
    from tests.stack import forms, platform

    with platform.running(forms.chosen().spread, elsewhere) as found:
        yield found
