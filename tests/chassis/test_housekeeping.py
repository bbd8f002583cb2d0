"""Old plumbing is swept; what somebody may still need stays."""

import pytest
from sqlalchemy import text

from chassis import housekeeping
from chassis.housekeeping import sweep
from chassis.testing import Bench
from tests.chassis.conftest import CLERK, notice

BOOK = {"recipient": "zoe", "content": "livre", "weight": 2}
AGED = (
    "UPDATE inbox SET done_at = now() - interval '91 days' WHERE state = 'done'",
    "UPDATE outbox SET sent_at = now() - interval '31 days'",
    "UPDATE idempotency SET created_at = now() - interval '3 days'",
)


def fill(bench: Bench) -> None:
    """One row in each table, and one fact more that is still waiting."""
    bench.as_(CLERK).post("/parcels", json=BOOK, headers={"Idempotency-Key": "k"})
    bench.tell(notice())
    bench.deliver(notice())


def test_what_is_old_goes_and_what_waits_stays(parcels: Bench):
    fill(parcels)
    with parcels.running.engine.begin() as connection:
        for statement in AGED:
            connection.execute(text(statement))
        connection.execute(text("UPDATE inbox SET received_at = now() - interval '1 year' WHERE state = 'waiting'"))
    assert sweep(parcels.running) == 3
    assert sweep(parcels.running) == 0
    assert parcels.work() == 1


def test_what_is_recent_stays(parcels: Bench):
    fill(parcels)
    assert sweep(parcels.running) == 0


def test_a_worker_keeps_house_once_an_hour(parcels: Bench, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(housekeeping, "EVERY_S", 0)
    fill(parcels)
    with parcels.running.engine.begin() as connection:
        connection.execute(text(AGED[0]))
    parcels.work()
    with parcels.running.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM inbox WHERE done_at < now() - interval '90 days'")) == 0
