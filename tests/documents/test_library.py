"""The document base (S1:363-385): published by caseworkers, one version after another, read by everybody of a brand's space."""

import io
from typing import Any

import pytest
from msgspec import structs
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from chassis.actor import Actor
from chassis.testing import Bench
from tests.documents import papers
from tests.documents.people import ANDREA, DOMINIQUE, LUCIE, MARC, NADIA, YVES

ADMINISTRATOR = structs.replace(NADIA, grants={"platform": "administer"})


def publish(bench: Bench, content: bytes, who: Actor = ADMINISTRATOR, key: str = "mandat_sepa") -> TestResponse:
    boundary, body = encode_multipart({"file": FileStorage(io.BytesIO(content), "mandat.pdf")})
    return bench.as_(who).post(f"/library/{key}", data=body, content_type=f"multipart/form-data; boundary={boundary}")


def published(bench: Bench, content: bytes, **options: Any) -> None:
    answer = publish(bench, content, **options)
    assert answer.status_code == 201, answer.json
    bench.work()


def shelf(bench: Bench, who: Actor = LUCIE) -> dict[str, dict[str, Any]]:
    return {item["label"]: item for group in bench.as_(who).get("/library").json["items"] for item in group["items"]}


def test_the_base_is_laid_out_as_in_the_guide(bench: Bench) -> None:
    groups = bench.as_(LUCIE).get("/library").json["items"]
    assert {group["group"]: [item["label"] for item in group["items"]] for group in groups} == {
        "Documents utiles salariés": ["Mandat SEPA", "Email d'affiliation"],
        "Guides pratiques": ["Guide utilisateur Espace Entreprise", "Guide utilisateur Espace Assuré", "Guide pratique Assurés"],
    }
    assert {item["version"] for group in groups for item in group["items"]} == {0}


def test_a_version_takes_the_place_of_the_former_once_it_is_released(bench: Bench) -> None:
    published(bench, papers.pdf())
    first = bench.as_(LUCIE).get("/library/mandat_sepa")
    assert (first.status_code, first.content_type, shelf(bench)["Mandat SEPA"]["version"]) == (200, "application/pdf", 1)
    assert publish(bench, papers.pdf("Mandat, deuxième version")).status_code == 201
    assert bench.as_(LUCIE).get("/library/mandat_sepa").data == first.data  # the scan has not spoken yet
    bench.work()
    assert bench.as_(LUCIE).get("/library/mandat_sepa").data != first.data
    assert shelf(bench)["Mandat SEPA"]["version"] == 2


def test_everybody_of_the_brand_reads_and_each_space_its_own(bench: Bench) -> None:
    published(bench, papers.pdf())
    published(bench, papers.pdf(), key="guide_assure")
    assert [bench.as_(who).get("/library/mandat_sepa").status_code for who in (LUCIE, MARC, YVES, ANDREA)] == [200, 200, 200, 404]
    assert bench.as_(ANDREA).get("/library/guide_assure").status_code == 200
    elsewhere = structs.replace(LUCIE, brand="klesia-pro")
    assert bench.as_(elsewhere).get("/library/mandat_sepa").status_code == 404
    assert bench.as_(DOMINIQUE).get("/library").status_code == 403
    assert bench.as_(LUCIE).get("/files").json["items"] == []


@pytest.mark.parametrize(("who", "status"), [(NADIA, 403), (YVES, 403), (LUCIE, 403), (ANDREA, 403)])
def test_only_an_administrator_of_the_platform_publishes(bench: Bench, who: Actor, status: int) -> None:
    assert publish(bench, papers.pdf(), who).status_code == status


def test_what_is_no_item_or_no_pdf_is_not_published(bench: Bench) -> None:
    assert publish(bench, papers.pdf(), key="inconnu").status_code == 404
    assert publish(bench, b"hello").json["type"] == "/problemes/type-de-fichier-refuse"
    assert bench.as_(LUCIE).get("/library/mandat_sepa").status_code == 404
