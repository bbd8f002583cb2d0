"""Identifiers sort in the order they were made: what is listed by id is listed as it was written."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import RFC_4122

import pytest

from chassis import ids


def test_ids_made_within_a_millisecond_sort_as_they_were_made():
    made = [ids.uuid7() for _ in range(10_000)]
    assert made == sorted(made)
    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}


def test_a_clock_that_goes_back_changes_nothing(monkeypatch: pytest.MonkeyPatch):
    before, then = ids.uuid7(), time.time_ns()
    monkeypatch.setattr(time, "time_ns", lambda: then - 10**9)
    assert ids.uuid7() > before


def test_ids_made_on_many_threads_are_all_different():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ids.uuid7(), range(10_000)))
    assert len(set(made)) == len(made)
