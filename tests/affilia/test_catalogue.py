"""The event documents say what the code says: valid AsyncAPI 3.1, schemas that real sealed bodies satisfy, a page in step."""

import json
from pathlib import Path

import jsonschema_rs
import pytest

import events
from affilia import catalogue
from chassis.sealing import Sealer
from chassis.testing import secret
from gateway import asyncapi
from gateway.embedded import find

SPECIFICATION = json.loads((Path(__file__).parent / "asyncapi" / "3.1.0.json").read_text())
SAMPLES = Path(events.__file__).parent / "samples"


def sealed_body(name: str) -> object:
    """The sample of a fact as it travels: its personal fields sealed."""
    fact = events.decode(events.CATALOGUE[name], (SAMPLES / f"{name}.json").read_bytes(), str)
    return json.loads(events.encode(fact, Sealer({"dev-events": secret()}, "dev-events", {}).sealing(name)))


def test_the_catalogue_is_a_valid_asyncapi_document():
    errors = jsonschema_rs.validator_for(SPECIFICATION).iter_errors(asyncapi.asyncapi(find().values()))
    assert [str(error) for error in errors] == []


def test_every_fact_is_told_by_its_publisher_and_heard_by_those_who_listen():
    operations = asyncapi.asyncapi(find().values())["operations"]
    assert {name for name in operations if ".tells." in name} == {f"{name.split('.')[0]}.tells.{name}" for name in events.CATALOGUE}
    assert operations["members.hears.dsn.radiation.v1"]["action"] == "receive"


@pytest.mark.parametrize("name", [name for name in events.CATALOGUE if name.startswith("dsn.")])
def test_a_sealed_sample_satisfies_the_producers_schema_and_a_clear_one_does_not(name: str):
    validator = jsonschema_rs.validator_for(asyncapi.producer_schemas()[name])
    assert validator.is_valid(sealed_body(name))
    clear = json.loads((SAMPLES / f"{name}.json").read_text())
    assert validator.is_valid(clear) is ("employment" not in clear)


def test_the_page_names_who_listens_and_what_is_sealed():
    assert "| `dsn.radiation.v1` |" in catalogue.page()
    (row,) = [line for line in catalogue.page().splitlines() if "`identity.code_issued.v1`" in line]
    assert "messaging" in row
    assert "to, code" in row
