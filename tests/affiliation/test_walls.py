"""The walls: doors, row-level security under the app role, sealed columns, append-only history, facts in and out."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

import events
from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench, unguarded
from services.affiliation.app import SERVICE
from services.affiliation.models import Affiliation, Base, Contract, Document, Draft, Establishment, Move, Notice
from tests.affiliation.people import CASEY, FORM, HELENE, NIR_OF_DOMINIQUE, VICTOR, House, applicant, contract, establishment, received

SAMPLES = Path(__file__).resolve().parents[2] / "events" / "samples"
TOLD = sorted(kind for kind in events.CATALOGUE if kind.startswith("affiliation."))


def seen(bench: Bench, actor: Actor, table: type[Base]) -> int:
    """How many rows a bare select gives, with no perimeter of ours: the database alone decides."""
    with bench.running.begin(actor).session as session:
        return len(session.scalars(select(table)).all())


def test_every_door_names_its_audience_and_models_and_history_agree(bench: Bench) -> None:
    assert unguarded(bench.app) == []
    assert bench.drift() == []
    assert bench.unwalled() == []


def test_the_database_itself_keeps_each_to_his_own(house: House) -> None:
    affiliation_id, dominique = house.started()
    dominique.put("/journey/draft", json=FORM)
    house.bench.tell(received(affiliation_id, "rib"))
    tables = (Affiliation, Move, Draft, Document, Establishment, Contract, Notice)
    walls = [
        (HELENE, (1, 2, 0, 0, 1, 1, 0)),
        (VICTOR, (0, 0, 0, 0, 1, 1, 0)),
        (replace(HELENE, brand="klesia-pro"), (0, 0, 0, 0, 1, 1, 0)),
        (CASEY, (1, 2, 0, 1, 2, 2, 0)),
        (applicant(affiliation_id), (1, 2, 1, 1, 0, 0, 0)),
        (replace(applicant(affiliation_id), brand="klesia-pro"), (0, 0, 1, 1, 0, 0, 0)),
        (applicant(HELENE.account_id), (0, 0, 0, 0, 0, 0, 0)),
        (Actor(kind="member", brand="hcr", reference=f"affiliation:{affiliation_id}"), (0, 0, 0, 0, 0, 0, 0)),
        (Actor(kind="anonymous"), (0, 0, 0, 0, 0, 0, 0)),
    ]
    for actor, expected in walls:
        assert tuple(seen(house.bench, actor, table) for table in tables) == expected, actor.kind
    assert seen(house.bench, SYSTEM, Draft) == 1


def test_an_employer_cannot_write_into_another_company_even_past_our_code(house: House) -> None:
    affiliation_id = house.declared()
    with house.bench.running.begin(VICTOR).session as session:
        changed = session.execute(text("UPDATE affiliation SET status = 'abandoned' WHERE id = :id"), {"id": affiliation_id})
        assert changed.rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            session.execute(text("INSERT INTO establishment (siret, siren, name) VALUES ('1', '123456782', 'x')"))


def test_the_history_refuses_to_be_rewritten_even_by_the_platform(house: House) -> None:
    house.declared()
    for statement in ("UPDATE move SET moved_on = moved_on - 1", "DELETE FROM move"):
        with house.bench.running.begin(SYSTEM).session as session, pytest.raises(ProgrammingError, match="the history only grows"):
            session.execute(text(statement))


def test_what_is_personal_is_sealed_in_the_tables(house: House) -> None:
    _affiliation_id, dominique = house.started()
    dominique.put("/journey/draft", json=FORM)
    with house.bench.running.begin(SYSTEM).session as session:
        stored = bytes(session.scalar(text("SELECT content FROM draft")))
        mail = bytes(session.scalar(text("SELECT email FROM affiliation")))
    assert NIR_OF_DOMINIQUE.encode() not in stored
    assert b"exemple.fr" not in mail


def test_an_establishment_told_again_takes_its_newer_name(house: House) -> None:
    house.bench.tell(establishment(name="LE NOUVEAU NOM"), contract(label="NOUVELLE FORMULE"))
    [offer] = house.as_(HELENE).get("/offers").json["items"]
    assert (offer["establishments"][0]["name"], offer["contracts"][0]["label"]) == ("LE NOUVEAU NOM", "NOUVELLE FORMULE")


@pytest.mark.parametrize("name", TOLD)
def test_what_affiliation_tells_has_a_sample_that_reads_back(name: str) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()
    fact = events.decode(events.CATALOGUE[name], body, lambda sealed: sealed)
    assert json.loads(events.encode(fact, lambda clear: clear)) == json.loads(body)
    assert fact.subject.startswith(("affiliation:", "copy:"))


@pytest.mark.parametrize("name", sorted(SERVICE.listens_to))
def test_what_affiliation_listens_to_applies_from_its_publisher_s_sample(bench: Bench, name: str) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()
    fact = events.decode(events.CATALOGUE[name], body, lambda sealed: sealed)
    bench.tell(fact)
    bench.tell(fact)
    assert bench.parked() == []
