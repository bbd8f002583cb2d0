"""Assurance Maladie tells its décomptes: our neutral lines are checked one by one, sealed by the kit, published all or none."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from events.noemie import read_care
from feeds import kit, noemie
from feeds.cli import feed
from feeds.numbered import Flaw
from tests.feeds.platform import TOKEN, Platform

SAMPLE = Path(noemie.__file__).parent / "samples" / "decomptes-synthetiques.jsonl"
NIR, NAME = "2800475999005", "ESSAI"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(feed, ["noemie", *map(str, arguments)], env={"AFFILIA_FEED_TOKEN": TOKEN})


def told() -> list[dict[str, Any]]:
    return [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


def items(*written: Any) -> list[kit.Item | Flaw]:
    return list(noemie.read(BytesIO("\n".join(json.dumps(one) for one in written).encode())))


def test_the_sample_is_published_once_and_nobody_is_named_on_the_way(platform: Platform):
    """A file that is sent twice is the same events; care and people travel sealed."""
    first, second = (run("publish", SAMPLE, "--to", platform.url) for _ in range(2))
    assert (first.exit_code, first.stdout) == (0, "Faits publiés : 3 (dont déjà connus : 0)\n")
    assert second.stdout == "Faits publiés : 3 (dont déjà connus : 3)\n"
    assert {event["source"] for event in platform.events.values()} == {"affilia:feeds/noemie"}
    sent = json.dumps(platform.posts)
    assert not any(secret in sent for secret in (NIR, NAME, "Dominique", "PH7", "26.50", "30.00"))
    assert json.loads(platform.opened(platform.posts[0][0], platform.posts[0][0]["data"]["party"]))["nir"] == NIR


def test_an_id_is_drawn_from_the_fund_and_the_number_alone():
    first, again = told()[0], told()[0] | {"issued_on": "2026-06-20"}
    other = told()[0] | {"fund": "01752"}
    (one,), (same,), (another,) = items(first), items(again), items(other)
    assert one.id == same.id != another.id  # type: ignore[union-attr]


def test_a_correction_is_negative_on_every_line():
    correction = items(*told())[2]
    assert isinstance(correction, kit.Item)
    (line,) = read_care(correction.fact)  # type: ignore[arg-type]
    assert (str(line.cost), str(line.base_scheme)) == ("-16.13", "-8.68")


def spoilt(**changes: Any) -> dict[str, Any]:
    """The first décompte of the sample; ``line__act`` and ``party__nir`` reach inside."""
    statement = told()[0]
    places = {"line": statement["lines"][0], "party": statement["party"]}
    for name, value in changes.items():
        place, _, field = name.partition("__")
        (places[place] if field else statement)[field or name] = value
    return statement


SPOILS = {
    "un nom d'acte": (spoilt(line__act="consultation"), "valeur qui n'est pas celle attendue"),
    "un flottant infini": (spoilt(line__cost="NaN"), "montant ou coefficient illisible"),
    "trois décimales": (spoilt(line__cost="30.001"), "montant ou coefficient illisible"),
    "des milliards": (spoilt(line__cost="1E+9"), "montant ou coefficient illisible"),
    "signes contraires": (spoilt(line__base_scheme="-19.00"), "montants de signes contraires"),
    "plus payé que dépensé": (spoilt(line__base_scheme="31.00"), "plus de payé que de dépensé"),
    "réglé avant les soins": (spoilt(issued_on="2026-06-01"), "soins datés après leur règlement"),
    "un NIR faux": (spoilt(party__nir="123"), "NIR ou NIA invalide"),
    "un NIR en clair": (spoilt(number=f"D{NIR}"), "le numéro de décompte contient le NIR"),
    "une formule": (spoilt(party__last_name="=1+1"), "nom avec un signe"),
    "une caisse illisible": (spoilt(fund="?"), "caisse : 2 à 9"),
    "un champ de trop": (spoilt(note="x"), "champ « note » inconnu"),
    "sans ligne": (spoilt(lines=[]), "un décompte compte de 1 à"),
    "deux fois la même ligne": (spoilt(lines=told()[0]["lines"] * 2), "portent le même numéro"),
    "pas un objet": ([], "un objet JSON est attendu"),
}


@pytest.mark.parametrize(("written", "reason"), SPOILS.values(), ids=SPOILS)
def test_what_is_wrong_is_told_with_its_line_and_names_nobody(written: Any, reason: str):
    _good, flaw = items(told()[1], written)
    assert isinstance(flaw, Flaw)
    assert flaw.line == 2
    assert reason in flaw.reason
    assert not any(secret in flaw.reason for secret in (NIR, NAME, "consultation"))


def test_one_refused_line_and_nothing_is_sent(tmp_path: Path, platform: Platform):
    file = tmp_path / "decomptes.jsonl"
    file.write_text("\n".join(json.dumps(one) for one in [told()[1], spoilt(line__act="?")]), encoding="utf-8")
    refused = run("publish", file, "--to", platform.url)
    assert (refused.exit_code, platform.events) == (3, {})
    assert refused.stdout.startswith("ligne 2 : ")
