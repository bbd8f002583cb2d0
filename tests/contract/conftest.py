"""The world of these tests, prepared once: two houses on the six real services, behind the real router."""

from collections.abc import Callable, Iterator

import pytest

from chassis.config import Keys
from chassis.http import create_app
from chassis.testing import BRANDS, Bench
from gateway.config import Settings
from gateway.embedded import Platform, find
from tests.contract.door import Desk
from tests.contract.operations import Operation, all_of
from tests.contract.people import ACME, BISTRO
from tests.contract.story import open_the_desk, play
from tests.contract.world import World

FEED_TOKEN = "jeton-du-producteur"


@pytest.fixture(scope="package")
def world(make_bench: Callable[..., Bench], keys: Keys) -> Iterator[World]:
    """Acme and Bistro, each with its company, its applicant, its member and its files."""
    benches = {name: make_bench(service) for name, service in find().items()}
    desk = Desk(keys, create_app(benches["identity"].running))
    platform = Platform({name: bench.running for name, bench in benches.items()}, settings(keys), others={"identity": desk})
    found = World(benches, platform, desk)
    open_the_desk(found)
    for house in (ACME, BISTRO):
        play(found, house)
    yield found
    for bench in benches.values():
        bench.empty()


@pytest.fixture(scope="package")
def operations(world: World) -> list[Operation]:
    """Every operation that the platform describes."""
    return all_of(world.visit().get("/api/openapi.json").get_json())


def settings(keys: Keys) -> Settings:
    return Settings(
        mode="test",
        brands=BRANDS,
        edge_secret=keys.edge_secret,
        feed_token=FEED_TOKEN,
        feed_key={"id": "dev-feed", "public_key": "A" * 43},
        show_caught=True,
    )
