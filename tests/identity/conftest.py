"""Identity under test, emptied after each story."""

from collections.abc import Callable, Iterator

import pytest

from chassis.testing import Bench
from services.identity.app import SERVICE


@pytest.fixture(scope="session")
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(autouse=True)
def _empty(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()
