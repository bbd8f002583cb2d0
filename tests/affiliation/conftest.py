"""The affiliation service on its own database, and the two companies of the stories."""

from collections.abc import Callable, Iterator

import pytest

from chassis.service import Service
from chassis.testing import Bench
from services.affiliation.app import SERVICE
from tests.affiliation import people


@pytest.fixture(scope="session")
def bench(make_bench: Callable[[Service], Bench]) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(autouse=True)
def _start_from_nothing(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()


@pytest.fixture
def house(bench: Bench) -> people.House:
    """Fictive and Voisine are known, each with one establishment and one contract."""
    return people.House(bench)
