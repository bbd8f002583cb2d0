"""``/readyz`` is open to everybody: it costs the services one question a second, and tells nobody why one of them is not well."""

import threading
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers

from gateway.readiness import Readiness
from gateway.upstream import Answer, Down


class Counted:
    """Services that count what they are asked; ``slow`` answers once it may."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.may = threading.Event()
        self.may.set()

    def ask(self, service: str, method: str, path: str, *, headers: Mapping[str, str] | None = None, json: Any = None) -> Answer:
        self.asked.append(service)
        self.may.wait(10)
        if service == "absent":
            raise Down(service)
        return Answer(200, Headers(), b'{"status": "degraded", "reasons": ["BucketMissing"]}')


def test_a_thousand_questions_are_one():
    services = Counted()
    readiness = Readiness(services, ["identity", "absent"])
    assert [readiness.told() for _ in range(1_000)] == [{"identity": "degraded", "absent": "down"}] * 1_000
    assert services.asked == ["identity", "absent"]


def test_whoever_comes_while_a_service_is_slow_is_told_what_it_said_before():
    services = Counted()
    readiness = Readiness(services, ["identity"])
    before = readiness.told()
    readiness._until = 0.0  # a second has passed
    services.may.clear()
    asking = threading.Thread(target=readiness.told)
    asking.start()
    while len(services.asked) < 2:
        pass
    assert [readiness.told() for _ in range(50)] == [before] * 50
    services.may.set()
    asking.join()
    assert len(services.asked) == 2
