"""Answers told piece by piece: their connection is held as long as the telling, and no longer, whatever becomes of the client."""

from collections.abc import Iterator
from typing import Any

import pytest

from chassis.streams import MOST_AT_ONCE
from chassis.testing import Bench
from tests.chassis.conftest import CLERK
from tests.chassis.parcels.app import Parcel

MANY = 2_500
"""More than one batch of the cursor."""


@pytest.fixture
def stock(parcels: Bench) -> Iterator[Bench]:
    """A warehouse full of books, its connections all free when the story ends."""
    with parcels.running.working() as work:
        work.session.add_all(Parcel(recipient="zoe", content=f"livre {number}", weight=1) for number in range(MANY))
    yield parcels
    assert held(parcels) == 0


def held(parcels: Bench) -> int:
    pool: Any = parcels.running.engine.pool
    return int(pool.checkedout())


def test_every_row_is_told(stock: Bench) -> None:
    told = stock.as_(CLERK).get("/parcels.txt").text.splitlines()
    assert sorted(told) == sorted(f"livre {number} -3" for number in range(MANY))


def test_the_first_piece_leaves_before_the_rest_is_read(stock: Bench) -> None:
    answer = stock.as_(CLERK).get("/parcels.txt")
    assert next(answer.iter_encoded()).startswith(b"livre")
    assert held(stock) == 1
    answer.close()


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_hangs_up_frees_the_connection(stock: Bench, method: str) -> None:
    answer = stock.as_(CLERK).open("/parcels.txt", method=method)
    assert answer.status_code == 200
    answer.close()
    assert held(stock) == 0


def test_only_so_many_are_told_at_once_and_the_next_waits_for_its_turn(stock: Bench) -> None:
    clerk = stock.as_(CLERK)
    answers = [clerk.get("/parcels.txt") for _ in range(MOST_AT_ONCE)]
    refused = clerk.get("/parcels.txt")
    assert (refused.status_code, refused.json["type"]) == (503, "/problemes/service-indisponible")
    assert "Retry-After" in refused.headers
    assert stock.audited().count("parcels.printed") == MOST_AT_ONCE, "who was told to wait took nothing away"
    for answer in answers:
        answer.close()
    assert len(clerk.get("/parcels.txt").text.splitlines()) == MANY


def test_a_row_that_cannot_be_told_breaks_the_answer_and_frees_the_connection(stock: Bench) -> None:
    with stock.running.working() as work:
        work.session.add(Parcel(recipient="zoe", content="treize", weight=13))
    answer = stock.as_(CLERK).get("/parcels.txt")
    with pytest.raises(ZeroDivisionError):
        answer.get_data()
    answer.close()
    assert held(stock) == 0
