"""The parcels service on its bench, emptied after each test."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chassis import inbox
from chassis.actor import Actor
from chassis.inbox import back_off
from chassis.testing import Bench
from events.messaging import NoticeHandedOver
from tests.chassis.parcels.app import SERVICE

BRANDS = Path(__file__).parent / "brands"
CLERK = Actor(kind="clerk", brand="hcr", account_id=uuid.UUID(int=1), grants={"123": "user"})


@pytest.fixture(scope="session")
def parcels(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(SERVICE, brands=BRANDS)


@pytest.fixture(autouse=True)
def _empty(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "parcels" in request.fixturenames:
        request.getfixturevalue("parcels").empty()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch):
    """Retries that come at once: what is tried is the same, only sooner."""
    monkeypatch.setattr(inbox, "back_off", lambda attempts: back_off(1) / 100)


def notice(template: str = "plain", *, about: str = "recipient:zoe") -> NoticeHandedOver:
    """A fact of its own subject: facts of different notices never wait for each other."""
    return NoticeHandedOver(notice_id=uuid.uuid4(), about=about, template=template, channel="post")
