"""Who may see what, from the doors down to the rows; and what arrives is understood."""

import uuid
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate
from sqlalchemy import event, select, text
from sqlalchemy.exc import ProgrammingError

import events
from chassis.actor import Actor
from chassis.testing import Bench, unguarded
from events.members import ContractOpened
from services.members.app import SERVICE
from services.members.models import Contract, Dependent, DsnFact, Movement, Person, PersonKey, Rights
from tests.members.people import (
    CASEWORKER,
    CHARLIE,
    CONTRACT_FORM,
    DOMINIQUE,
    EMPLOYER,
    STRANGER,
    declaration,
    employment,
    ends,
    finalised,
    member,
    settle_in,
    spouse,
)

SAMPLES = Path(events.__file__).parent / "samples"
READER = Actor(kind="caseworker", brand="hcr", grants={"platform": "read"})


def seen(bench: Bench, actor: Actor, table: Any) -> int:
    with bench.running.begin(actor).session as session:
        return len(session.execute(select(table)).all())


def test_every_route_names_its_audience_and_models_agree_with_the_history(bench: Bench) -> None:
    assert unguarded(bench.app) == []
    assert bench.drift() == []
    assert bench.unwalled() == []


def test_the_description_of_the_api_is_valid_and_french(bench: Bench) -> None:
    document = bench.as_(CASEWORKER).get("/_/openapi.json").json
    validate(document)
    assert all(operation["summary"] for path in document["paths"].values() for operation in path.values() if isinstance(operation, dict))


def test_rows_are_walled_by_the_database_itself(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE, dependents=(spouse(),)), finalised(CHARLIE))
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    dominique = member(bench, DOMINIQUE)
    other_brand = Actor(kind="employer", brand="klesia-pro", account_id=uuid.uuid4(), grants=EMPLOYER.grants)
    tables = (Person, Rights, Contract, Dependent, Movement, PersonKey, DsnFact)
    sights = {
        "employer": [seen(bench, EMPLOYER, table) for table in tables],
        "stranger": [seen(bench, STRANGER, table) for table in tables],
        "other brand": [seen(bench, other_brand, table) for table in tables],
        "member": [seen(bench, dominique, table) for table in tables],
        "caseworker": [seen(bench, CASEWORKER, table) for table in tables],
        "nobody": [seen(bench, Actor(kind="anonymous"), table) for table in tables],
    }
    assert sights == {
        "employer": [2, 2, 1, 1, 3, 2, 1],
        "stranger": [0, 0, 0, 0, 0, 0, 0],
        "other brand": [0, 0, 0, 0, 0, 0, 0],
        "member": [1, 1, 1, 1, 2, 0, 0],
        "caseworker": [2, 2, 1, 1, 3, 2, 1],
        "nobody": [0, 0, 0, 0, 0, 0, 0],
    }


def test_history_and_payroll_facts_only_grow(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE), ends(declaration(1), employment(DOMINIQUE)))
    for table in ("movement", "dsn_fact"):
        with pytest.raises(ProgrammingError, match="append-only"), bench.running.working() as work:
            work.session.execute(text(f"DELETE FROM {table}"))


def test_a_reading_caseworker_opens_no_contract(bench: Bench) -> None:
    assert bench.as_(READER).post("/contracts", json=CONTRACT_FORM).status_code == 403
    assert bench.as_(READER).get("/facts").status_code == 200
    assert bench.as_(EMPLOYER).get("/facts").status_code == 403
    assert bench.as_(Actor(kind="caseworker", brand="hcr")).get("/facts").status_code == 403


def test_a_contract_that_cannot_be_read_says_where(bench: Bench) -> None:
    form = {**CONTRACT_FORM, "siren": "123456789", "insurer_code": "?", "card": {"amc_number": "12", "convention_type": "long"}}
    refused = bench.as_(CASEWORKER).post("/contracts", json=form)
    assert refused.status_code == 422
    places = {error["field"] for error in refused.json["errors"]}
    assert places == {"siren", "insurer_code", "card.amc_number", "card.convention_type"}


def test_a_proof_for_nobody_is_not_found(bench: Bench) -> None:
    path = f"/persons/{uuid.uuid4()}/portability-proof"
    assert bench.as_(CASEWORKER).post(path, json={"received_on": "2026-07-10"}).status_code == 404
    early = bench.as_(CASEWORKER, on=date(2026, 7, 9)).post(path, json={"received_on": "2026-07-10"})
    assert (early.status_code, early.json["errors"][0]["field"]) == (422, "received_on")


def test_a_batch_costs_the_same_statements_whatever_its_size(bench: Bench) -> None:
    settle_in(bench)
    crowd = [{**DOMINIQUE, "nir13": f"28004759{number:05d}", "last_name": f"ESSAI {number}"} for number in range(100, 310)]
    bench.tell(*(finalised(who) for who in crowd))

    def cost(people: list[dict[str, Any]], first: int) -> int:
        facts = [ends(declaration(first + place, 2), employment(who)) for place, who in enumerate(people)]
        bench.deliver(*facts, brand="")
        statements: list[str] = []

        def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(bench.running.engine, "before_cursor_execute", count)
        bench.work()
        event.remove(bench.running.engine, "before_cursor_execute", count)
        return len(statements)

    ten, two_hundred = cost(crowd[:10], 1), cost(crowd[10:], 11)
    assert ten == two_hundred
    assert bench.parked() == []
    assert len(bench.as_(EMPLOYER).get("/employees?status=portability&limit=200").json["items"]) == 200


@pytest.mark.parametrize("name", sorted(SERVICE.listens_to))
def test_every_sample_of_what_members_listens_to_applies(bench: Bench, name: str) -> None:
    kind = events.CATALOGUE[name]
    sample = SAMPLES / f"{name}.json"
    bench.tell(events.decode(kind, sample.read_bytes(), str))
    assert bench.parked() == []


@pytest.mark.parametrize("name", sorted(name for name in events.CATALOGUE if name.startswith("members.")))
def test_every_sample_that_members_publishes_is_a_fact(name: str) -> None:
    body = (SAMPLES / f"{name}.json").read_bytes()
    told = events.decode(events.CATALOGUE[name], body, str)
    assert events.decode(events.CATALOGUE[name], events.encode(told, str), str) == told
    assert told.subject.split(":")[0] in ("company", "person", "opening", "copy")


def test_a_form_of_a_later_year_is_enrolled_once_more(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE), finalised(DOMINIQUE, date(2027, 1, 1)))
    assert seen(bench, CASEWORKER, Rights) == 2


def test_a_session_without_its_second_factor_exports_nothing(bench: Bench) -> None:
    weak = Actor(kind="employer", brand="hcr", account_id=uuid.uuid4(), grants=EMPLOYER.grants)
    refused = bench.as_(weak).get("/employees/export.xlsx")
    assert (refused.status_code, refused.json["type"]) == (403, "/problemes/second-facteur-attendu")


def test_a_contract_opens_in_the_brand_of_its_company_and_an_unknown_brand_is_refused(bench: Bench):
    elsewhere = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"brand": "harmonie"})
    assert elsewhere.status_code == 201, elsewhere.json
    assert bench.told(ContractOpened)[-1].reference == CONTRACT_FORM["reference"]
    assert bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM).status_code == 201, "the same number in another brand is another"
    refused = bench.as_(CASEWORKER).post("/contracts", json=CONTRACT_FORM | {"brand": "inconnue"})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "brand")
