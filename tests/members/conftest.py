"""The members service on a real database, emptied after each story."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.testing import Bench
from services.members.app import SERVICE


@pytest.fixture(scope="session")
def bench(make_bench: Any) -> Bench:
    made: Bench = make_bench(SERVICE)
    return made


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "bench" in request.fixturenames:
        request.getfixturevalue("bench").empty()
