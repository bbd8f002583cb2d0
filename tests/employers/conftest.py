"""Employers under test: the bench, and the people who knock."""

from collections.abc import Callable, Iterator

import pytest

from chassis.testing import Bench
from services.employers.app import SERVICE


@pytest.fixture(scope="session")
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(autouse=True)
def empty(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()
