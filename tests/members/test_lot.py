"""The real sample files, read by the feed's reader, end in the rights that the story tells."""

import random
from datetime import date
from pathlib import Path

import pytest

import feeds.dsn
from chassis.testing import Bench
from events.fact import Fact
from events.members import RightsChanged
from feeds.dsn.reader import Taken, read
from tests.members.people import ANDREA, CHARLIE, DOMINIQUE, EMPLOYER, finalised, settle_in

FILES = Path(feeds.dsn.__file__).parent / "samples"
EXPECTED = {
    "ESSAI": ("Portabilité en attente de justificatif", "2026-06-28", {"months": 5, "ends_on": "2026-11-28"}),
    "FAUX": ("Droits ouverts", None, None),
    "MAQUETTE": ("Droits ouverts", None, None),
}


def facts() -> list[Fact]:
    """Everything the lot of FCTU and the monthly declaration of June tell."""
    told: list[Fact] = []
    for path in sorted(FILES.glob("*.dsn")):
        with path.open("rb") as stream:
            told += [fact for outcome in read(stream) if isinstance(outcome, Taken) for fact in outcome.facts]
    assert len(told) > 15
    return told


@pytest.mark.parametrize("seed", range(4))
def test_both_files_in_any_order_twice_end_as_the_story(bench: Bench, seed: int) -> None:
    settle_in(bench)
    shuffled = facts() + facts()
    random.Random(seed).shuffle(shuffled)
    middle = len(shuffled) // 2
    bench.tell(*shuffled[:middle], brand="")
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE, date(2018, 3, 1)), finalised(ANDREA, date(2026, 4, 1)))
    bench.tell(*shuffled[middle:], brand="")
    assert bench.parked() == []
    listed = bench.as_(EMPLOYER).get("/employees?status=all").json["items"]
    assert {line["last_name"]: (line["status_label"], line["ends_on"], line["portability"]) for line in listed} == EXPECTED


def test_one_declaration_after_the_other_tells_each_change(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), finalised(CHARLIE, date(2018, 3, 1)), finalised(ANDREA, date(2026, 4, 1)))
    with (FILES / "lot-oc-fctu-nature07-p26v01-synthetique.dsn").open("rb") as stream:
        for outcome in read(stream):
            assert isinstance(outcome, Taken)
            bench.tell(*outcome.facts, brand="")
    assert [(told.status, told.ends_on) for told in bench.told(RightsChanged)] == [
        ("portability_pending", date(2026, 6, 30)),
        ("portability_pending", date(2026, 6, 28)),
        ("ended", date(2026, 6, 30)),
        ("active", None),  # the cancelled end
        ("active", None),  # the kept affiliation
    ]
