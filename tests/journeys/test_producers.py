"""A payroll publishes, then asks what became of what it sent; its employer and a caseworker read the same: on both platforms."""

import subprocess
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
import urllib3

from affilia.story import Cast, Story, activation, affiliation, papers, pre_affiliation, prologue
from affilia.story.payroll import NO_PROXY
from affilia.story.world import Visitor, eventually
from feeds.dsn.writer import MONTHLY_SAMPLE, sample
from feeds.table import COLUMNS
from tests.journeys.houses import House
from tests.stack.part import COMMAND

pytestmark = pytest.mark.timeout(600)

DECLARATIONS = "/api/members/declarations"
EVERYBODY_WAITS = "En attente de rapprochement"


@pytest.fixture
def story(house: House) -> Story:
    """A company and its employees, whose rights are open."""
    told = house.story(Cast.invented("producers"))
    for chapter in (prologue, activation, pre_affiliation, affiliation):
        chapter(told)
    house.quiet()
    return told


def run(house: House, *arguments: str | Path) -> CompletedProcess[str]:
    """The command that the payroll's operator types."""
    command = [*COMMAND, "feed", *map(str, arguments), "--to", house.base]
    return subprocess.run(
        command, env=NO_PROXY | {"AFFILIA_FEED_TOKEN": house.feed_token}, capture_output=True, text=True, timeout=60, check=False
    )


def received(visitor: Visitor, number: int) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = eventually(
        lambda: found if len(found := visitor.get(DECLARATIONS)["items"]) >= number else None, f"{number} declarations"
    )
    return items


def test_what_a_payroll_sent_is_told_back_to_those_it_concerns(house: House, story: Story, tmp_path: Path):
    """S1:306-314: a lot and a spreadsheet are published, once, and each declaration says what it did."""
    (lot := tmp_path / "lot.dsn").write_bytes(papers.lot(story.cast))
    published = run(house, "dsn", "publish", lot, "--journal", tmp_path / "suivi")
    assert published.returncode == 0, published.stderr
    house.quiet()
    mine = received(story.employer, 5)
    assert {item["siret"][:9] for item in mine} == {story.cast.siren}
    assert {state["state"] for item in mine for state in item["states"]} >= {"applied"}
    assert all(item["missing"] == 0 for item in mine)
    _told_to_the_producer(house, lot)
    _told_fact_by_fact(story, mine[0]["id"])
    _told_of_a_stranger(house, story, tmp_path)


def _told_to_the_producer(house: House, lot: Path) -> None:
    told = run(house, "receipts", lot)
    assert told.returncode == 0, told.stderr
    counts = dict(line.rsplit(" : ", 1) for line in told.stdout.splitlines() if not line.startswith("ligne"))
    assert sum(map(int, counts.values())) == 10
    assert counts.keys() >= {"Prise en compte", "Enregistrée"}


def _told_fact_by_fact(story: Story, declaration_id: str) -> None:
    """The employer and a caseworker read the same; a member reads nothing, another employer finds nothing."""
    path = f"{DECLARATIONS}/{declaration_id}"
    detail = story.employer.get(path)
    assert [fact["label"] for fact in detail["facts"]] == ["Fin de contrat ou de couverture"]
    assert story.at_the_desk().get(path) == detail
    story.world.visitor("entreprise").get(path, expect=401)


def _told_of_a_stranger(house: House, story: Story, folder: Path) -> None:
    """A spreadsheet about somebody who has no form yet: the line says that she waits."""
    row = dict.fromkeys(COLUMNS, "") | {
        "fait": "affiliation",
        "siret": story.cast.restaurant,
        "date_declaration": "2026-07-04",
        "numero_declaration": "9001",
        "nom": "INCONNUE",
        "prenoms": "Claude",
        "date_naissance": "1991-01-15",
        "nir": "2910175999009",
        "numero_contrat": "00099",
        "debut_contrat": "2026-07-01",
        "reference_sante": "SANTE-EX-0001",
        "organisme": "P9999",
    }
    (file := folder / "paie.csv").write_text(";".join(COLUMNS) + "\n" + ";".join(row.values()) + "\n", encoding="utf-8")
    assert run(house, "csv", "publish", file).returncode == 0
    house.quiet()
    told = run(house, "receipts", file)
    assert f"ligne 2 : {EVERYBODY_WAITS}" in told.stdout, told.stderr


def test_the_producers_page_checks_a_file_and_gives_its_documents(house: House):
    """Published nowhere, kept nowhere: through nginx as in one process, larger than any other page may be sent."""
    pool = urllib3.PoolManager(retries=False)
    spoilt = sample(MONTHLY_SAMPLE).replace(b"S21.G00.30.002,'ESSAI'", b"S21.G00.30.002,'=ESSAI'")
    many = spoilt + sample(MONTHLY_SAMPLE) * (1_500_000 // len(spoilt))
    page = pool.request("POST", f"{house.base}/producteurs", fields={"file": ("paie.dsn", many)})
    assert (page.status, b"Ligne 272" in page.data, b"=ESSAI" in page.data) == (200, True, False)
    report = pool.request("POST", f"{house.base}/_feed/check", body=many).json()
    assert [(line["line"], line["rubrique"]) for line in report["lines"]] == [(272, "S21.G00.30.002")]
    assert pool.request("POST", f"{house.base}/producteurs", body=b" " * 5_000_001).status == 413
    served = pool.request("GET", f"{house.base}/producteurs/asyncapi.json").data
    assert served == (Path(__file__).resolve().parents[2] / "docs" / "asyncapi.json").read_bytes()
