"""Identity under test, emptied after each story."""

from collections.abc import Callable, Iterator

import pytest

from chassis.testing import Bench, Client
from services.identity.app import SERVICE
from tests.identity.people import Visitor, person, signed_in


@pytest.fixture(scope="session")
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(autouse=True)
def _empty(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()


@pytest.fixture
def dominique(bench: Bench) -> Visitor:
    """Dominique, whose space is open and whose phone is known."""
    bench.tell(person())
    visitor = Visitor(bench)
    visitor.activate()
    return visitor


@pytest.fixture
def home(bench: Bench, dominique: Visitor) -> Client:
    """Dominique signed in at home, on a browser that she trusts."""
    return signed_in(bench, dominique.come_in())
