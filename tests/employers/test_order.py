"""Acts on the same companies and invitations take turns in one order: none is told to come back because two waited for each other."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench
from tests.employers.people import OTHER_SIREN, SIREN, at_once, follow, invite, line_of, sql

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@contextmanager
def queued(bench: Bench, *acts: Callable[[], Any]) -> Iterator[list[Any]]:
    """Somebody holds a company; the acts come one after the other and wait for it; then it is let go. Gives what they answered."""
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda act=act: answers.append(act())) for act in acts]
    with bench.running.working(SYSTEM) as work:
        work.session.execute(text("SELECT 1 FROM company WHERE siren = :siren FOR UPDATE"), {"siren": SIREN})
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until(lambda number=number: _waiting(bench) >= number)
    for thread in threads:
        thread.join()
    yield answers


def _waiting(bench: Bench) -> int:
    with bench.running.engine.connect() as connection:
        return int(connection.scalar(text(WAITING)))


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "nobody came to wait"
        time.sleep(0.01)


def test_paul_follows_his_link_while_lucie_takes_it_back(bench: Bench, lucie: Actor):
    invitation = invite(bench, lucie, (SIREN, "user"), (OTHER_SIREN, "user")).json["invitation_id"]
    line = line_of(bench, lucie)["id"]
    withdraws = lambda: bench.as_(lucie).delete(f"/habilitations/{line}").status_code  # noqa: E731
    with queued(bench, withdraws, lambda: follow(bench, invitation)) as answers:
        assert 204 in answers
    assert bench.parked() == []
    assert line_of(bench, lucie, siren=OTHER_SIREN)["state"] == "active", "what was not taken back is his"


def test_lucie_sends_a_link_again_while_she_invites_somebody_else(bench: Bench, lucie: Actor):
    invite(bench, lucie, (SIREN, "user"))
    line = line_of(bench, lucie)["id"]
    sql(bench, "UPDATE invitation SET sent_at = sent_at - interval '1 hour'")
    resends = lambda: bench.as_(lucie).post(f"/habilitations/{line}/link").status_code  # noqa: E731
    invites = lambda: invite(bench, lucie, (SIREN, "user"), email="autre@fictive.example").status_code  # noqa: E731
    with queued(bench, resends, invites) as answers:
        assert sorted(answers) == [200, 201]


@pytest.mark.parametrize("hands", [8])
def test_companies_named_in_any_order_are_taken_in_one(bench: Bench, lucie: Actor, hands: int):
    both = [(SIREN, "user"), (OTHER_SIREN, "user")]
    there, back = both, both[::-1]
    acts = [lambda n=n: invite(bench, lucie, *(there, back)[n % 2], email=f"p{n}@fictive.example").status_code for n in range(hands)]
    assert at_once(*acts) == [201] * hands
