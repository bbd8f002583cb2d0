"""A platform to publish to, started for each test that asks."""

from collections.abc import Iterator

import pytest

from feeds import publishers
from tests.feeds.platform import Platform, running


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another without waiting."""
    monkeypatch.setattr(publishers, "FIRST_WAIT_SECONDS", 0.001)


@pytest.fixture
def platform() -> Iterator[Platform]:
    with running(Platform()) as started:
        yield started
