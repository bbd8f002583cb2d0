"""The six real services under one roof: a visitor, the real identity service, and the description of the API."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import Client

from affilia import keys
from affilia.installation import Installation, bring_up_to_date
from affilia.local import LocalPostgres
from gateway.embedded import find

ASSURE = {"Host": "assure.hcr.localhost"}


@pytest.fixture(scope="module")
def visit(postgres: LocalPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("platform")
    house = Installation(folder, keys.generate(), {name: postgres.create(name) for name in keys.SERVICES})
    bring_up_to_date(find().values(), house.databases)
    with house.platform() as platform:
        yield Client(platform.wsgi, use_cookies=False)


def test_all_six_are_ready(visit: Client):
    answer = visit.get("/readyz", headers=ASSURE)
    assert answer.json["status"] == "ready", answer.json
    assert list(answer.json["services"]) == sorted(keys.SERVICES)


def test_identity_signs_for_a_visitor_of_the_space_and_the_service_believes_it(visit: Client):
    rule = visit.get("/api/identity/password-rule", headers=ASSURE)
    assert rule.status_code == 200, rule.text
    assert rule.json["min_length"] == 8, "the rule of HCR's member space (S0:84)"


def test_a_made_up_token_is_refused_by_the_real_identity(visit: Client):
    answer = visit.get("/api/members/me/rights", headers=ASSURE | {"Authorization": "Bearer made-up"})
    assert (answer.status_code, answer.json["type"]) == (401, "/problemes/session-terminee")
    assert visit.get("/api/members/me/rights", headers=ASSURE).json["type"] == "/problemes/connexion-requise"


def test_the_description_of_the_six_is_valid(visit: Client):
    document = visit.get("/api/openapi.json", headers=ASSURE).json
    OpenAPIV31SpecValidator(document).validate()
    operations = [item[method]["operationId"] for item in document["paths"].values() for method in item if "operationId" in item[method]]
    assert len(operations) == len(set(operations)) > 40


def test_the_box_is_empty_before_anything_happened(visit: Client):
    assert visit.get("/_inbox/messages.json", headers=ASSURE).json == {"items": []}
    assert "Aucun message" in visit.get("/_inbox", headers=ASSURE).text
