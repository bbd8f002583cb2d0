"""Outbox, relay, inbox: nothing lost, nothing doubled, one subject in its order, one bad fact alone."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import text

from chassis import inbox
from chassis.actor import SYSTEM
from chassis.envelope import Envelope
from chassis.inbox import MAX_ATTEMPTS, back_off
from chassis.relay import Mailroom, relay_once
from chassis.run import Role, relay, stop, worker
from chassis.testing import Bench
from events.messaging import NoticeHandedOver
from tests.chassis.conftest import CLERK, notice

SETTLE_S = 30


def settle(bench: Bench) -> None:
    """Work until nothing waits any more, retries included."""
    deadline = time.monotonic() + SETTLE_S
    while waiting(bench) and time.monotonic() < deadline:
        bench.work()
        time.sleep(0.05)


def until(happened: Callable[[], bool], patience: float = SETTLE_S) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + patience
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


def waiting(bench: Bench) -> int:
    with bench.running.engine.connect() as connection:
        return inbox.counts(connection)["waiting"]


def contents(bench: Bench) -> list[str]:
    return [parcel["content"] for parcel in bench.as_(CLERK).get("/parcels").json]


def same_subject(*templates: str) -> list[NoticeHandedOver]:
    """Facts of one subject, told apart by their recipient."""
    notice_id = uuid.uuid4()
    return [NoticeHandedOver(notice_id=notice_id, about=f"recipient:{i}", template=t, channel="post") for i, t in enumerate(templates)]


def test_a_fact_delivered_twice_is_applied_once(parcels: Bench):
    (event_id,) = parcels.deliver(fact := notice())
    parcels.deliver(fact, ids=[event_id])
    assert parcels.work() == 1
    assert contents(parcels) == ["plain"]


def test_a_batch_is_applied_in_one_go(parcels: Bench):
    parcels.deliver(*[notice() for _ in range(700)])
    assert [inbox.work_once(parcels.running), inbox.work_once(parcels.running), inbox.work_once(parcels.running)] == [500, 200, 0]
    assert len(contents(parcels)) == 700


@pytest.mark.usefixtures("impatient")
def test_a_handler_that_raises_parks_its_fact_and_spares_its_neighbours(parcels: Bench):
    parcels.deliver(notice("before"), notice("raises"), notice("after"))
    settle(parcels)
    assert sorted(contents(parcels)) == ["after", "before"]
    assert parcels.parked() == [("messaging.notice_handed_over.v1", "RuntimeError")]


@pytest.mark.usefixtures("impatient")
def test_later_facts_of_a_parked_subject_wait_behind_it(parcels: Bench):
    parcels.deliver(*same_subject("raises", "waits"), notice("passes"))
    settle_until_parked(parcels)
    assert contents(parcels) == ["passes"]
    assert waiting(parcels) == 1


def settle_until_parked(bench: Bench) -> None:
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline and not parked(bench):
        bench.work()
        time.sleep(0.02)


def parked(bench: Bench) -> int:
    with bench.running.engine.connect() as connection:
        return inbox.counts(connection)["parked"]


def envelope(name: str, body: bytes) -> Envelope:
    headers = {"source": "affilia:test", "time": "2026-07-01T10:00:00+00:00", "brand": "hcr"}
    return Envelope(uuid.uuid4(), name, f"test:{uuid.uuid4()}", headers, body)


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("nobody.knows.v1", b"{}"),
        ("messaging.notice_handed_over.v1", b"not json"),
        ("messaging.notice_handed_over.v1", b'{"notice_id": 3}'),
        ("identity.code_issued.v1", b"{}"),
    ],
    ids=["unknown type", "not json", "wrong shape", "not subscribed"],
)
def test_what_cannot_be_read_is_parked_at_once_with_its_reason(parcels: Bench, name: str, body: bytes):
    with parcels.running.engine.begin() as connection:
        inbox.deliver(connection, [envelope(name, body)])
    parcels.deliver(notice("neighbour"))
    parcels.work()
    assert contents(parcels) == ["neighbour"]
    assert [parked_name for parked_name, reason in parcels.parked() if reason] == [name]


@pytest.mark.usefixtures("impatient")
def test_a_parked_fact_can_be_replayed(parcels: Bench, monkeypatch: pytest.MonkeyPatch):
    (event_id,) = parcels.deliver(notice("raises"))
    settle_until_parked(parcels)
    monkeypatch.setattr("tests.chassis.parcels.app.misbehave", lambda template: None)
    assert inbox.replay(parcels.running, event_id) == [event_id]
    parcels.work()
    assert contents(parcels) == ["raises"]
    assert parcels.parked() == []


RUN_WORKER = """
import pathlib, sys
import msgspec
from chassis.config import Keys, Settings
from chassis.run import Worker
from tests.chassis.parcels.app import SERVICE
url, keys, brands = sys.argv[1:]
settings = Settings(mode="test", database_url=url, brands=pathlib.Path(brands), keys=msgspec.json.decode(keys, type=Keys))
worker = Worker(SERVICE.start(settings))
while worker.once():
    pass
"""


def test_a_fact_that_kills_its_process_ends_parked_and_alone(parcels: Bench):
    import msgspec

    settings = parcels.running.settings
    parcels.deliver(notice("before"), notice("kills"), notice("after"))
    arguments = [settings.database_url, msgspec.json.encode(settings.keys).decode(), str(settings.brands)]
    deaths = 0
    while waiting(parcels) and deaths <= MAX_ATTEMPTS + 1:
        deaths += subprocess.run([sys.executable, "-c", RUN_WORKER, *arguments], timeout=60, check=False).returncode == 9
    assert deaths == MAX_ATTEMPTS + 1  # once in the batch, then five times alone
    assert sorted(contents(parcels)) == ["after", "before"]
    assert parcels.parked()[-1][1] == "ProcessDied"


def test_facts_of_one_subject_are_numbered_without_a_gap(parcels: Bench):
    facts = same_subject("a", "b", "c")
    with parcels.running.working(CLERK) as work:
        for fact in facts:
            work.emit(fact)
    with parcels.running.engine.connect() as connection:
        rows = connection.execute(text("SELECT subject_version FROM outbox ORDER BY id")).scalars().all()
    assert rows == [1, 2, 3]


def test_a_work_that_fails_tells_nothing(parcels: Bench):
    def act() -> None:
        with parcels.running.working(CLERK) as work:
            work.emit(notice())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert parcels.told(NoticeHandedOver) == []


@dataclass
class Interrupted:
    """A carrier that delivers, then dies before saying so, the first ``times``."""

    mailroom: Mailroom
    times: int = 1

    def carry(self, envelopes: list[Envelope]) -> None:
        self.mailroom.carry(envelopes)
        if self.times:
            self.times -= 1
            raise ConnectionError


def test_a_relay_that_dies_between_delivery_and_its_mark_doubles_nothing(parcels: Bench):
    with parcels.running.working(SYSTEM) as work:
        work.emit(notice("once"))
    carrier = Interrupted(Mailroom([parcels.running]))
    with pytest.raises(ConnectionError):
        relay_once(parcels.running, carrier)
    assert relay_once(parcels.running, carrier) == 1
    assert relay_once(parcels.running, carrier) == 0
    parcels.work()
    assert contents(parcels) == ["once"]


def test_relay_and_worker_carry_a_fact_by_themselves(parcels: Bench):
    roles = [relay(parcels.running, Mailroom([parcels.running])), worker(parcels.running)]
    for role in roles:
        role.start()
    try:
        with parcels.running.working(SYSTEM) as work:
            work.emit(notice("carried"))
        until(lambda: contents(parcels) == ["carried"])
    finally:
        stop(roles)
    assert contents(parcels) == ["carried"]
    assert not any(role.is_alive() for role in roles)


def test_only_one_process_leads_a_role(parcels: Bench):
    turns: list[str] = []
    roles = [Role(parcels.running, "relay", "affilia_outbox", lambda who=who: turns.append(who) or 0) for who in ("first", "second")]
    roles[0].start()
    until(lambda: "first" in turns)
    roles[1].start()
    time.sleep(1.5)
    stop(roles)
    assert set(turns) == {"first"}


def test_waits_grow_threefold_up_to_a_minute():
    assert [round(back_off(n).total_seconds(), 1) for n in (1, 2, 3, 4, 20)] == [0.2, 0.6, 1.8, 5.4, 60.0]
