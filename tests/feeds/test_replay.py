"""A publication that was cut short is taken up where the platform stopped confirming; receipts tell what became of a file."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from feeds import kit
from feeds.cli import feed
from tests.feeds.files import LOT, MONTHLY, taken, with_values
from tests.feeds.platform import TOKEN, Platform
from tests.feeds.test_csv import HEADER, SAMPLE

BATCHES = [500, 500, 20]


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """Eighty-five declarations of twelve facts: three batches."""
    (file := tmp_path / "annee.dsn").write_bytes(b"".join(with_values(MONTHLY, S20_G00_05_004=str(number)) for number in range(1, 86)))
    return file


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(feed, [*map(str, arguments)], env={"AFFILIA_FEED_TOKEN": TOKEN})


def cut_short(platform: Platform) -> None:
    """The platform takes one batch, then answers nobody."""
    take = platform.take
    platform.take = lambda events: platform.moods.extend([(503, {})] * 4) or take(events)  # type: ignore[method-assign]


def test_what_a_run_before_confirmed_is_not_sent_again(platform: Platform, year: Path, tmp_path: Path):
    journal = tmp_path / "annee.journal"
    take = platform.take
    cut_short(platform)
    first = run("dsn", "publish", year, "--to", platform.url, "--journal", journal)
    assert (first.exit_code, [len(post) for post in platform.posts]) == (5, BATCHES[:1])
    journal.write_bytes(journal.read_bytes() + b'{"facts":1000,"la')  # the machine stopped while it was writing
    platform.take = take  # type: ignore[method-assign]
    second = run("dsn", "replay", year, "--to", platform.url, "--journal", journal)
    assert (second.exit_code, [len(post) for post in platform.posts]) == (0, BATCHES)
    assert "Faits publiés : 520 (dont déjà connus : 0) ; confirmés par un envoi précédent : 500" in second.stdout
    assert len(platform.events) == 1020
    third = run("dsn", "replay", year, "--to", platform.url, "--journal", journal)
    assert (third.exit_code, len(platform.posts)) == (0, 3)


def test_without_a_journal_everything_leaves_again_under_the_same_ids(platform: Platform, year: Path):
    run("dsn", "publish", year, "--to", platform.url)
    again = run("dsn", "replay", year, "--to", platform.url)
    assert (again.exit_code, len(platform.events)) == (0, 1020)
    assert "Faits publiés : 1020 (dont déjà connus : 1020)" in again.stdout


@pytest.mark.parametrize("written", ["", "{", '{"file": "autre", "to": "http://ailleurs"}\n', '{"file": 5}\n'])
def test_the_journal_of_something_else_is_refused(platform: Platform, year: Path, tmp_path: Path, written: str):
    (journal := tmp_path / "annee.journal").write_text(written)
    result = run("dsn", "replay", year, "--to", platform.url, "--journal", journal)
    assert (result.exit_code, platform.posts) == (2, [])
    assert "--journal : " in result.stderr
    assert run("dsn", "publish", year, "--to", platform.url, "--journal", tmp_path / "nulle" / "part").exit_code == 2


@pytest.mark.parametrize("kind", ["csv", "events"])
def test_every_way_in_is_replayed_the_same_way(platform: Platform, tmp_path: Path, kind: str):
    sample = SAMPLE if kind == "csv" else SAMPLE.with_suffix(".jsonl")
    platform.moods = [(503, {})] * 4
    journal = tmp_path / "journal"
    assert run(kind, "publish", sample, "--to", platform.url, "--journal", journal).exit_code == 5
    assert run(kind, "replay", sample, "--to", platform.url, "--journal", journal).exit_code == 0
    assert run(kind, "replay", sample, "--to", platform.url, "--journal", journal).exit_code == 0
    assert len(platform.posts) == 1


def test_a_company_that_is_not_the_senders_is_refused_before_anything_leaves(platform: Platform, tmp_path: Path):
    platform.sirens = ["552100554"]
    (lot := tmp_path / "lot.dsn").write_bytes(LOT)
    dsn, csv = run("dsn", "publish", lot, "--to", platform.url), run("csv", "publish", SAMPLE, "--to", platform.url)
    assert (dsn.exit_code, csv.exit_code, platform.posts) == (3, 3, [])
    assert "ligne 2 : établissement pour lequel ce producteur ne déclare pas" in csv.stdout
    assert "Déclarations refusées : 5" in dsn.stdout


def test_an_event_that_the_platform_blames_is_shown_by_its_line(platform: Platform):
    platform.moods = [(422, {"title": "Lot refusé", "errors": [{"index": 3, "reason": "Motif."}, {"index": 99, "reason": "?"}]})]
    refused = run("csv", "publish", SAMPLE, "--to", platform.url)
    assert refused.exit_code == 3
    assert "ligne 4 : Motif." in refused.stderr


def test_receipts_tell_what_became_of_each_fact_with_its_line(platform: Platform, tmp_path: Path):
    """Applied, waiting and unknown: counted; what waits is told by the line of the file, whichever format it is."""
    (file := tmp_path / "juin.dsn").write_bytes(MONTHLY)
    outcome = taken(MONTHLY)
    items = list(kit.items(outcome.declaration, outcome.facts, outcome.lines))
    applied: dict[str, Any] = {"state": "applied", "state_label": "Prise en compte", "reason": "Rapprochée d'un droit."}
    waiting = {"state": "waiting", "state_label": "En attente de rapprochement", "reason": "Personne inconnue."}
    platform.outcomes = {str(item.id): applied for item in items[:9]} | {str(items[10].id): waiting}
    told = run("receipts", file, "--to", platform.url)
    assert told.exit_code == 0
    assert told.stdout.splitlines() == [
        f"ligne {items[10].line} : En attente de rapprochement — Personne inconnue.",
        "Prise en compte : 9",
        "Inconnue de la plateforme : 2",
        "En attente de rapprochement : 1",
    ]
    assert MONTHLY.splitlines()[items[10].line - 1].startswith(b"S21.G00.30")
    platform.moods = [(403, {"title": "Non"})]
    assert run("receipts", SAMPLE, "--to", platform.url).exit_code == 3
    assert run("receipts", SAMPLE, "--to", "amqp://127.0.0.1:9").exit_code == 2


def test_the_header_alone_is_an_empty_file(platform: Platform, tmp_path: Path):
    (file := tmp_path / "vide.csv").write_text(HEADER)
    assert run("csv", "publish", file, "--to", platform.url).exit_code == 0
    assert platform.posts == []
