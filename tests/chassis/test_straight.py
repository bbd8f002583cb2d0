"""The straight way in: what is plain is applied as it arrives, the rest goes the durable way; nothing twice, nothing out of order."""

import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from chassis import hearing, inbox, run, straight
from chassis.broker.carrier import BrokerCarrier
from chassis.broker.consumer import Consumer
from chassis.broker.topology import Topology
from chassis.envelope import Envelope
from chassis.inbox import MAX_ATTEMPTS
from chassis.run import Worker
from chassis.testing import Bench
from tests.chassis.conftest import notice
from tests.chassis.test_broker import DONE, NAME, RECEIVED, ask, at_work, received
from tests.chassis.test_broker import bus as bus
from tests.chassis.test_broker import carrier as carrier
from tests.chassis.test_events import SETTLE_S, contents, same_subject, settle_until_parked, until, waiting
from tests.chassis.test_roles import Slow, aside
from tests.chassis.test_roles import slow as slow
from tests.rabbitmq import Broker

STATES = text("SELECT state FROM inbox ORDER BY position")


def apply(bench: Bench, envelopes: list[Envelope]) -> None:
    straight.apply(bench.running, [hearing.hear(bench.running, envelope) for envelope in envelopes])


def states(bench: Bench) -> list[str]:
    return list(ask(bench, STATES))


def broken(subject: str) -> Envelope:
    headers = {"source": "affilia:test", "time": "2026-07-01T10:00:00+00:00", "brand": "hcr"}
    return Envelope(uuid.uuid4(), NAME, subject, headers, b"not json")


def test_what_is_plain_is_applied_as_it_arrives_and_waits_nowhere(parcels: Bench):
    apply(parcels, parcels.sealed(notice("a"), notice("b")))
    assert (sorted(contents(parcels)), states(parcels)) == (["a", "b"], ["done", "done"])


def test_what_arrives_again_beside_something_new_is_applied_once(parcels: Bench):
    first, second = parcels.sealed(notice("first"), notice("second"))
    apply(parcels, [first, first])
    apply(parcels, [first, second, first])
    assert (sorted(contents(parcels)), states(parcels)) == (["first", "second"], ["done", "done"])


def test_one_fact_that_raises_undoes_the_whole_batch(parcels: Bench):
    with pytest.raises(RuntimeError):
        apply(parcels, parcels.sealed(notice("before"), notice("raises")))
    assert (contents(parcels), states(parcels), parcels.audited()) == ([], [], [])


@pytest.mark.usefixtures("impatient")
def test_later_facts_of_a_parked_subject_wait_behind_it_and_others_pass(parcels: Bench):
    parked, later = parcels.sealed(*same_subject("raises", "later"))
    with parcels.running.engine.begin() as connection:
        inbox.deliver(connection, [parked])
    settle_until_parked(parcels)
    apply(parcels, [later, *parcels.sealed(notice("passes"))])
    assert (contents(parcels), states(parcels)) == (["passes"], ["parked", "waiting", "done"])


def test_what_cannot_be_read_is_parked_and_holds_back_its_own_subject_alone(parcels: Bench):
    (later,) = parcels.sealed(notice("later"))
    apply(parcels, [broken(later.subject), later, *parcels.sealed(notice("passes"))])
    assert contents(parcels) == ["passes"]
    parcels.work()
    assert states(parcels) == ["parked", "waiting", "done"]


def test_facts_that_wait_for_the_worker_are_never_overtaken(parcels: Bench):
    first, second = parcels.sealed(*same_subject("first", "second"))
    with parcels.running.engine.begin() as connection:
        inbox.deliver(connection, [first])
    apply(parcels, [second])
    assert (contents(parcels), states(parcels)) == ([], ["waiting", "waiting"])


def test_a_process_that_was_frozen_over_its_batch_doubles_nothing_when_it_wakes(parcels: Bench, slow: Slow):
    batch = parcels.sealed(notice("a"), notice("b"))
    frozen = aside(lambda: apply(parcels, batch))
    assert slow.entered.wait(SETTLE_S)
    successor = aside(lambda: apply(parcels, batch))
    time.sleep(0.3)
    slow.release.set()
    frozen.join()
    successor.join()
    assert slow.calls == 2
    assert (sorted(contents(parcels)), states(parcels)) == (["a", "b"], ["done", "done"])


BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")


def test_what_another_process_puts_into_the_inbox_meanwhile_is_not_overtaken(parcels: Bench):
    first, second = parcels.sealed(*same_subject("first", "second"))
    with ThreadPoolExecutor(1) as pool, parcels.running.engine.connect() as successor:
        inbox.deliver(successor, [first])
        late = pool.submit(apply, parcels, [first, second])
        until(lambda: ask(parcels, BLOCKED) == [1])
        successor.commit()
        with pytest.raises(inbox.Overtaken):
            late.result()
    assert (contents(parcels), states(parcels)) == ([], ["waiting"])


def test_a_batch_that_comes_late_finds_all_of_it_done(parcels: Bench):
    batch = parcels.sealed(notice("a"), notice("b"), notice("c"))
    apply(parcels, batch[:1])
    apply(parcels, batch[1:])
    apply(parcels, batch)
    assert states(parcels) == ["done"] * 3


@pytest.fixture
def loops(parcels: Bench, broker: Broker, bus: Topology) -> list[run.Loop]:
    return [Consumer(parcels.running, broker.url, bus), run.worker(parcels.running)]


@pytest.mark.usefixtures("impatient")
def test_a_handler_that_raises_parks_its_fact_and_spares_those_that_came_with_it(
    parcels: Bench, carrier: BrokerCarrier, loops: list[run.Loop]
):
    carrier.carry(parcels.sealed(notice("before"), notice("raises"), notice("after"), notice("unspeakable")))
    with capture_logs() as logs, at_work(*loops):
        until(lambda: sorted(states(parcels)) == ["done", "done", "parked", "parked"])
    assert sorted(contents(parcels)) == ["after", "before"]
    assert "inbox.not_straight" in {line["event"] for line in logs}


def test_without_a_fault_nothing_ever_waits_in_the_inbox(parcels: Bench, carrier: BrokerCarrier, broker: Broker, bus: Topology):
    carrier.carry(parcels.sealed(*[notice() for _ in range(700)]))
    with at_work(Consumer(parcels.running, broker.url, bus)):  # no worker: nobody would apply what waits
        until(lambda: ask(parcels, DONE) == [700])
    assert ask(parcels, RECEIVED) == [700]


RECEIVE = """
import pathlib, sys, time
import msgspec
from chassis.broker.consumer import Consumer
from chassis.broker.topology import Topology
from chassis.config import Keys, Settings
from tests.chassis.parcels.app import SERVICE
url, keys, brands, broker, prefix = sys.argv[1:]
settings = Settings(mode="test", database_url=url, brands=pathlib.Path(brands), keys=msgspec.json.decode(keys, type=Keys))
Consumer(SERVICE.start(settings), broker, Topology.of([SERVICE], prefix=prefix)).start()
time.sleep(60)
"""


def test_a_fact_that_kills_its_process_is_put_aside_when_it_comes_again(
    parcels: Bench, broker: Broker, bus: Topology, carrier: BrokerCarrier
):
    carrier.carry(parcels.sealed(notice("before"), notice("kills"), notice("after")))
    settings = parcels.running.settings
    arguments = [str(settings.database_url), msgspec.json.encode(settings.keys).decode(), str(settings.brands), broker.url, bus.prefix]
    assert subprocess.run([sys.executable, "-c", RECEIVE, *arguments], timeout=60, check=False).returncode == 9
    assert (states(parcels), contents(parcels)) == ([], [])
    with at_work(Consumer(parcels.running, broker.url, bus)):
        received(parcels, 3)
    assert waiting(parcels) == 3
    settle_without_dying(parcels)
    assert sorted(contents(parcels)) == ["after", "before"]


def settle_without_dying(bench: Bench) -> None:
    """What the worker's own test shows for a fact that kills: here it has died often enough."""
    with bench.running.engine.begin() as connection:
        kills = text("UPDATE inbox SET claimed = true, attempts = :tried WHERE position = (SELECT min(position) + 1 FROM inbox)")
        connection.execute(kills, {"tried": MAX_ATTEMPTS})
    worker = Worker(bench.running)
    while worker.once():
        pass
