"""Renaud's payroll software writes its own facts: they are checked line by line, sealed by the kit and published, all or none."""

import json
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result

from events import CATALOGUE, encode
from feeds import jsonl, kit
from feeds.cli import feed
from feeds.numbered import LONGEST_LINE
from tests.feeds.files import MONTHLY, taken
from tests.feeds.platform import TOKEN, Platform
from tests.feeds.test_publishers import closed_port

SAMPLE = Path(jsonl.__file__).parent / "samples" / "faits-synthetiques.jsonl"
NIR = "2800475999005"


def facts() -> list[dict[str, Any]]:
    """The lines of the sample, to be spoilt."""
    return [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


def written(folder: Path, *lines: Any) -> Path:
    file = folder / "faits.jsonl"
    file.write_text("".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file


def run(*arguments: str | Path, token: str | None = TOKEN) -> Result:
    return CliRunner().invoke(feed, ["events", *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": token})


def test_the_sample_tells_every_fact_that_a_producer_may_tell():
    assert {fact["type"] for fact in facts()} == {name for name in CATALOGUE if name.startswith("dsn.")}
    checked = run("check", SAMPLE)
    assert (checked.exit_code, checked.stdout.splitlines()) == (0, ["Faits lus : 6", "Lignes refusées : 0"])


def test_a_file_is_published_once_even_when_it_is_sent_twice(platform: Platform):
    first, second = run("publish", SAMPLE, "--to", platform.url), run("publish", SAMPLE, "--to", platform.url)
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout == "Faits publiés : 6 (dont déjà connus : 0)\n"
    assert second.stdout == "Faits publiés : 6 (dont déjà connus : 6)\n"
    assert len(platform.events) == 6


def test_nobody_is_named_on_the_way_and_the_platform_opens_what_was_written(platform: Platform):
    run("publish", SAMPLE, "--to", platform.url)
    event = next(event for event in platform.posts[0] if event["type"] == "dsn.radiation.v1")
    assert NIR not in json.dumps(platform.posts)
    assert platform.opened(event, event["data"]["employment"]["nir"]) == NIR
    assert event["subject"] == "employment:12345678200010/00004"


def test_a_fact_has_the_id_that_the_dsn_reader_gives_it(tmp_path: Path):
    """A producer that moves from DSN files to facts of its own sends nothing twice."""
    outcome = taken(MONTHLY)
    read = list(kit.items(outcome.declaration, outcome.facts, count(1)))
    lines = [{"type": item.fact.name, "item": place, "data": json.loads(encode(item.fact, str))} for place, item in enumerate(read)]
    with written(tmp_path, *lines).open("rb") as stream:
        assert list(jsonl.read(stream)) == read


def test_a_producer_may_give_ids_of_its_own(tmp_path: Path, platform: Platform):
    own = [fact | {"id": str(uuid4())} for fact in facts()]
    for fact in own:
        del fact["item"]
    assert run("publish", written(tmp_path, *own), "--to", platform.url).exit_code == 0
    assert platform.events.keys() == {fact["id"] for fact in own}


SPOILS: list[tuple[Any, str]] = [
    ({"type": "members.rights_opened.v1"}, "« type » n'est pas celui d'un fait qu'un producteur publie"),
    ({"type": "dsn.radiation.v9"}, "« type » n'est pas celui d'un fait qu'un producteur publie"),
    ({"type": None}, "valeur qui n'est pas celle attendue (champ type)"),
    ({"item": None}, "« id » (un UUID) ou « item » (la place du fait dans sa déclaration) manque"),
    ({"item": -1}, "valeur qui n'est pas celle attendue (champ item)"),
    ({"id": NIR}, "valeur qui n'est pas celle attendue (champ id)"),
    ({"nir": NIR}, "champ « nir » inconnu"),
    ({NIR: 1}, "champ « … » inconnu"),
    ({"data": {}}, "champ « declaration » absent (dans data)"),
    ({"data": NIR}, "valeur qui n'est pas celle attendue (champ data)"),
    ({"data.ended_on": "28062026"}, "valeur qui n'est pas celle attendue (champ data.ended_on)"),
    ({"data.employment.last_name": 5}, "valeur qui n'est pas celle attendue (champ data.employment.last_name)"),
    ({"data.employment.last_name": "ESSAI\0"}, "caractère nul"),
    ({"data.employment.nirr": NIR}, "champ inconnu : data.employment.nirr"),
    ({"data.covers": [{"contract_reference": "X", "insurer_code": "P9999", "oops": 1}]}, "champ inconnu : data.covers[0].oops"),
]


def spoilt(change: dict[str, Any]) -> dict[str, Any]:
    """The radiation of the sample, changed at dotted places."""
    line = next(fact for fact in facts() if fact["type"] == "dsn.radiation.v1")
    for place, value in change.items():
        *path, name = place.split(".") if place.startswith("data.") else [place]
        target = line
        for step in path:
            target = target[step]
        target[name] = value
    return line


@pytest.mark.parametrize(("change", "said"), SPOILS)
def test_one_line_that_cannot_be_taken_and_nothing_is_sent(platform: Platform, tmp_path: Path, change: dict[str, Any], said: str):
    good = [fact for fact in facts() if fact["type"] != "dsn.radiation.v1"]
    file = written(tmp_path, good[0], spoilt(change), *good[1:])
    for answer in (run("check", file), run("publish", file, "--to", platform.url)):
        assert (answer.exit_code, answer.stdout.splitlines()) == (3, [f"ligne 2 : {said}", "Faits lus : 5", "Lignes refusées : 1"])
        assert NIR not in answer.output
    assert "Rien n'a été envoyé" in answer.stderr
    assert platform.headers == []


@pytest.mark.parametrize("line", ["{", "[1]", "null", '"x"', "a;b", "[" * 60_000, "\ud800"])
def test_what_is_no_fact_at_all_is_refused_with_its_line(line: str):
    raw = line.encode("utf-8", "surrogatepass") + b"\n"
    (flaw,) = jsonl.read(BytesIO(b"\n\n" + raw))
    assert flaw in {jsonl.Flaw(3, "ce n'est pas du JSON (UTF-8)"), jsonl.Flaw(3, "un objet JSON est attendu sur chaque ligne")}


def test_a_line_without_end_is_refused_and_the_next_ones_are_read():
    long = json.dumps(spoilt({"data.employment.last_name": "X" * LONGEST_LINE}))
    rest = SAMPLE.read_bytes()
    flaw, *others = jsonl.read(BytesIO(long.encode() + b"\n" + rest))
    assert flaw == jsonl.Flaw(1, "ligne de plus de 65536 octets")
    assert all(isinstance(other, kit.Item) for other in others)
    assert len(others) == 6


def test_a_mark_at_the_beginning_blank_lines_and_windows_ends_are_no_fault():
    rest = SAMPLE.read_bytes().replace(b"\n", b"\r\n\r\n")
    assert len([item for item in jsonl.read(BytesIO(b"\xef\xbb\xbf" + rest)) if isinstance(item, kit.Item)]) == 6


def test_the_same_fact_twice_in_a_file_is_a_mistake_that_is_told():
    twice = SAMPLE.read_bytes().splitlines()[:2]
    *_good, flaw = jsonl.read(BytesIO(b"\n".join([*twice, twice[0]])))
    assert flaw == jsonl.Flaw(3, "même identifiant que la ligne 1")


def test_a_hostile_file_prints_a_bounded_report(tmp_path: Path):
    answer = run("check", written(tmp_path, "{\n" * 5_000))
    assert answer.exit_code == 3
    assert len(answer.stdout.splitlines()) == 203
    assert "… et 4800 autre(s) ligne(s) de refus" in answer.stdout


def test_the_exit_code_says_who_must_act(platform: Platform, tmp_path: Path):
    (key := tmp_path / "cle.json").write_text(json.dumps(platform.key))
    platform.moods = [(409, {"slug": "sans-destinataire", "title": "Aucun service n'écoute"})]
    assert run("publish", SAMPLE, "--to", platform.url).exit_code == 4
    platform.moods = [(422, {"title": "Événement illisible"})]
    assert run("publish", SAMPLE, "--to", platform.url).exit_code == 3
    down = run("publish", SAMPLE, "--to", f"amqp://127.0.0.1:{closed_port()}/", "--key", key)
    assert down.exit_code == 5
    assert "Le même fichier peut être renvoyé" in down.stderr
    dry = run("publish", SAMPLE, "--to", platform.url, "--dry-run", "--key", key)
    assert (dry.exit_code, dry.stdout) == (0, "Faits à publier (essai à blanc) : 6\n")
    assert platform.events == {}
