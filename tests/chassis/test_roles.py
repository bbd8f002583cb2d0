"""Relay and worker roles when things go wrong around them: a lost lead, a task that fails, a fact that fails as late as the commit."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from chassis import health, inbox
from chassis.inbox import Overtaken
from chassis.run import Role, Worker, stop
from chassis.service import Task
from chassis.testing import Bench
from tests.chassis.conftest import notice
from tests.chassis.test_events import SETTLE_S, contents, settle, until, waiting

APP = "tests.chassis.parcels.app.misbehave"
LEADERS = text("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = hashtext(:lock)::oid")


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch):
    """A handler that waits for ``slow.release``, and counts how often it was called."""
    handler = Slow()
    monkeypatch.setattr(APP, handler)
    yield handler
    handler.release.set()


class Slow:
    def __init__(self) -> None:
        self.entered, self.release, self.calls = threading.Event(), threading.Event(), 0

    def __call__(self, template: str) -> None:
        self.calls += 1
        self.entered.set()
        assert self.release.wait(SETTLE_S)


def aside(act: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_a_new_leader_waits_for_the_batch_that_the_old_one_still_has_in_hand(parcels: Bench, slow: Slow):
    parcels.deliver(notice("a"), notice("b"))
    old = aside(lambda: inbox.work_once(parcels.running))
    assert slow.entered.wait(SETTLE_S)
    new = aside(lambda: inbox.work_once(parcels.running))
    time.sleep(0.3)
    slow.release.set()
    old.join()
    new.join()
    assert slow.calls == 2
    assert sorted(contents(parcels)) == ["a", "b"]
    assert parcels.parked() == []


def test_a_batch_whose_rows_another_worker_took_applies_nothing(parcels: Bench):
    parcels.deliver(notice("a"), notice("b"))
    late = inbox._Batch(parcels.running, inbox._claim(parcels.running, again=False, most=9, counted=0))
    assert inbox.work_once(parcels.running) == 1
    with pytest.raises(Overtaken):
        late.apply()
    assert contents(parcels) == ["a"]
    parcels.work()
    assert sorted(contents(parcels)) == ["a", "b"]


def test_a_leader_whose_lock_is_gone_begins_nothing_more(parcels: Bench):
    turns: list[str] = []

    def turn(who: str) -> int:
        turns.append(who)
        time.sleep(0.01)
        return 1

    roles = [Role(parcels.running, "test", "affilia_test", lambda who=who: turn(who)) for who in ("first", "second")]
    roles[0].start()
    until(lambda: "first" in turns)
    roles[1].start()
    deadline = time.monotonic() + SETTLE_S
    while "second" not in turns and time.monotonic() < deadline:  # the first may win its lead again: it is deposed once more
        depose(parcels)
        time.sleep(0.1)
    time.sleep(0.3)
    stop(roles)
    assert set(turns[turns.index("second") :]) == {"second"}


def depose(bench: Bench) -> None:
    """Cut the leader's connection, and with it the lock."""
    with bench.running.engine.begin() as connection:
        connection.execute(LEADERS, {"lock": "affilia:test"})


@pytest.mark.usefixtures("impatient")
def test_a_fact_whose_consequences_cannot_be_written_is_parked_alone(parcels: Bench):
    parcels.deliver(notice("before"), notice("unspeakable"), notice("after"))
    worker = Worker(parcels.running)
    for _ in range(60):
        try:
            worker.once()
        except Exception:  # the batch as a whole could not be committed: a role says so and goes on
            continue
    assert sorted(contents(parcels)) == ["after", "before"]
    assert parcels.parked() == [("messaging.notice_handed_over.v1", "DataError")]


def test_a_task_that_raises_stops_neither_the_inbox_nor_the_other_tasks(parcels: Bench):
    done: list[str] = []

    def breaks(work: object, adapters: object) -> int:
        raise RuntimeError

    def works(work: object, adapters: object) -> int:
        done.append("works")
        return 0

    tasks = tuple(Task(run.__name__, timedelta(0), run) for run in (breaks, works))
    running = replace(parcels.running, service=replace(parcels.running.service, tasks=tasks))
    parcels.deliver(notice("applied"))
    assert Worker(running).once() == 1
    assert contents(parcels) == ["applied"]
    assert done == ["works"]
    assert running.metrics.registry.get_sample_value("affilia_task_failures_total", {"task": "breaks"}) == 1


def test_facts_that_nobody_applies_are_said_to_the_operator(parcels: Bench):
    parcels.deliver(notice("forgotten"))
    assert health.examine(parcels.running)["status"] == "ready"
    with parcels.running.engine.begin() as connection:
        connection.execute(text("UPDATE inbox SET next_try_at = now() - interval '2 minutes'"))
    report = health.examine(parcels.running)
    assert (report["status"], report["reasons"]) == ("degraded", ["inbox not drained for 120 s"])
    settle(parcels)
    assert waiting(parcels) == 0
