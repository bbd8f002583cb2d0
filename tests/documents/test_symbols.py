"""A paper form comes back as a scan (S1:208, S1:228): its symbol says whose it is; where it cannot be read, the caseworker says."""

from uuid import UUID

import pytest

from chassis.testing import Bench
from events.documents import Received
from tests.documents.papers import picture, scanned
from tests.documents.people import NADIA, YVES, send

JOURNEY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize("kind", ["PDF", "JPEG"])
def test_the_symbol_of_a_scan_says_whose_it_is(bench: Bench, kind: str) -> None:
    answer = send(bench, NADIA, scanned(f"AFF1:{JOURNEY}", kind), kind="bulletin")
    assert answer.status_code == 201, answer.json
    [fact] = bench.told(Received)
    assert (fact.owner, fact.kind) == (f"affiliation:{JOURNEY}", "bulletin")


def test_the_form_of_an_employer_goes_to_its_company(bench: Bench) -> None:
    assert send(bench, NADIA, scanned("PRE1:12345678200010", "PNG"), kind="bulletin").status_code == 201
    assert [fact.owner for fact in bench.told(Received)] == ["company:123456782"]


@pytest.mark.parametrize("symbol", ["AFF1:x", "https://exemple.fr", f"AFF1:{JOURNEY}/../x"])
def test_a_symbol_of_somebody_else_s_names_nobody(bench: Bench, symbol: str) -> None:
    refused = send(bench, NADIA, scanned(symbol, "PNG"), kind="bulletin")
    assert (refused.status_code, refused.json["type"]) == (422, "/problemes/code-illisible")
    assert "tapez" in refused.json["title"]


def test_without_a_symbol_the_caseworker_says_whose_it_is(bench: Bench) -> None:
    assert send(bench, NADIA, picture(), kind="bulletin").status_code == 422
    assert send(bench, NADIA, picture(), kind="bulletin", owner=f"affiliation:{JOURNEY}").status_code == 201
    assert send(bench, YVES, scanned(f"AFF1:{JOURNEY}", "PNG"), kind="bulletin").status_code == 403
