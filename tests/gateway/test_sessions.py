"""Who calls, asked once for all who ask the same at the same time; an answer that is refused is refused to all of them."""

import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from gateway.errors import SessionEnded
from gateway.places import Place
from gateway.sessions import Caller, Sessions
from gateway.upstream import InProcess

HERE = Place("hcr", "assure")
CROWD = 20
PATIENCE_S = 1.0
"""More than a crowd of threads takes to start."""


class SlowIdentity:
    """An identity service that takes its time: it counts its questions, and refuses once told to."""

    def __init__(self) -> None:
        self.questions, self.ended = 0, False
        self.go_on = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.questions += 1
        self.go_on.wait(30)
        start_response("401 Unauthorized" if self.ended else "200 OK", [("Content-Type", "application/json")])
        return [b'{"identity": "signed-%d"}' % self.questions]


@pytest.fixture
def identity() -> SlowIdentity:
    return SlowIdentity()


@pytest.fixture
def clock() -> list[float]:
    """The instant at which everybody asks, until a test moves it."""
    return [100.0]


@pytest.fixture
def sessions(identity: SlowIdentity, clock: list[float]) -> Sessions:
    return Sessions(InProcess({"identity": identity}), "secret", kept_s=0, clock=lambda: clock[0])


def caller(token: str) -> Caller:
    return Caller(token, "bearer", HERE, "192.0.2.1")


def test_a_crowd_that_asks_the_same_asks_once(sessions: Sessions, identity: SlowIdentity) -> None:
    with ThreadPoolExecutor(CROWD) as crowd:
        asked = [crowd.submit(sessions.identity, caller("a"), "members") for _ in range(CROWD)]
        time.sleep(PATIENCE_S)
        identity.go_on.set()
        assert {one.result() for one in asked} == {"signed-1"}
    assert identity.questions == 1
    assert sessions.identity(caller("a"), "members") == "signed-2"


def test_another_token_or_another_service_is_another_question(sessions: Sessions, identity: SlowIdentity) -> None:
    with ThreadPoolExecutor(3) as crowd:
        asked = [
            crowd.submit(sessions.identity, caller(token), service)
            for token, service in (("a", "members"), ("b", "members"), ("a", "messaging"))
        ]
        time.sleep(PATIENCE_S)
        identity.go_on.set()
        assert all(one.result() for one in asked)
    assert identity.questions == 3


def test_an_ended_session_is_refused_to_the_whole_crowd_and_not_remembered(sessions: Sessions, identity: SlowIdentity) -> None:
    identity.ended = True
    with ThreadPoolExecutor(CROWD) as crowd:
        asked = [crowd.submit(sessions.identity, caller("a"), "members") for _ in range(CROWD)]
        time.sleep(PATIENCE_S)
        identity.go_on.set()
        for one in asked:
            with pytest.raises(SessionEnded):
                one.result()
    identity.ended = False
    assert sessions.identity(caller("a"), "members")


def test_nobody_is_served_by_a_question_that_is_getting_old(sessions: Sessions, identity: SlowIdentity, clock: list[float]) -> None:
    with ThreadPoolExecutor(2) as crowd:
        first = crowd.submit(sessions.identity, caller("a"), "members")
        time.sleep(PATIENCE_S)
        clock[0] += 0.3
        second = crowd.submit(sessions.identity, caller("a"), "members")
        time.sleep(PATIENCE_S)
        identity.go_on.set()
        assert {first.result(), second.result()} <= {"signed-1", "signed-2"}
    assert identity.questions == 2
