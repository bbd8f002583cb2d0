"""The document base (S1:363-385): published by caseworkers, one version after another, read by everybody of a brand's space."""

import hashlib
import io
from typing import Any

import pytest
from msgspec import structs
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from chassis.actor import Actor
from chassis.testing import Bench
from tests.documents import papers
from tests.documents.people import ANDREA, DOMINIQUE, LUCIE, MARC, NADIA, YVES, sent

UNHEARD = structs.replace(NADIA, grants={})
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


def test_each_version_is_kept_with_its_date_and_who_published_it(bench: Bench):
    published(bench, papers.pdf())
    published(bench, papers.pdf("Mandat, deuxième version"))
    known = bench.as_(YVES).get("/library/mandat_sepa/versions").json["items"]
    assert [(one["version"], one["published_by"]) for one in known] == [(2, str(NADIA.account_id)), (1, str(NADIA.account_id))]
    contents = [bench.as_(YVES).get(f"/library/mandat_sepa/versions/{one['id']}").data for one in known]
    assert contents[1] != contents[0] == bench.as_(LUCIE).get("/library/mandat_sepa").data
    assert [hashlib.sha256(content).hexdigest() for content in contents] == [one["sha256"] for one in known]


def test_former_versions_are_for_caseworkers(bench: Bench):
    published(bench, papers.pdf())
    [one] = bench.as_(NADIA).get("/library/mandat_sepa/versions").json["items"]
    for path in ("", f"/{one['id']}"):
        answers = [bench.as_(who).get(f"/library/mandat_sepa/versions{path}").status_code for who in (LUCIE, ANDREA, UNHEARD)]
        assert answers == [403, 403, 404]
    elsewhere = sent(bench, LUCIE, kind="piece_jointe")
    for path in (f"mandat_sepa/versions/{elsewhere}", f"email_affiliation/versions/{one['id']}", "inconnu/versions"):
        assert bench.as_(NADIA).get(f"/library/{path}").status_code == 404, path


def test_a_browser_that_has_the_current_version_is_told_so(bench: Bench):
    published(bench, papers.pdf())
    first = bench.as_(LUCIE).get("/library/mandat_sepa")
    assert first.headers["ETag"] == f'"{hashlib.sha256(first.data).hexdigest()}"'
    assert first.headers["ETag"].strip('"') == shelf(bench)["Mandat SEPA"]["sha256"]
    again = bench.as_(LUCIE).get("/library/mandat_sepa", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    published(bench, papers.pdf("Mandat, deuxième version"))
    newer = bench.as_(LUCIE).get("/library/mandat_sepa", headers={"If-None-Match": first.headers["ETag"]})
    assert (newer.status_code, newer.data != first.data) == (200, True)


@pytest.mark.parametrize(
    ("words", "found"),
    [("espace assure", ["Guide utilisateur Espace Assuré"]), ("MANDAT", ["Mandat SEPA"]), ("%_", 5), ("introuvable", [])],
)
def test_a_title_is_found_by_its_words(bench: Bench, words: str, found: list[str] | int):
    answer = bench.as_(LUCIE).get("/library", query_string={"q": words}).json["items"]
    labels = [item["label"] for group in answer for item in group["items"]]
    assert labels == found or len(labels) == found


def test_types_sizes_and_numbers_are_said_before_anything_is_sent(bench: Bench):
    """S1:342, S0:295."""
    channels = {one["channel"]: one for one in bench.as_(LUCIE).get("/uploads").json["items"]}
    assert channels["employer_message"] == {
        "channel": "employer_message",
        "kinds": [{"key": "piece_jointe", "label": "Pièce jointe d'un message"}],
        "types": ["application/pdf", "image/jpeg", "image/png"],
        "max_bytes": 5_000_000,
        "max_files": 6,
        "counted": "request",
    }
    assert (channels["quote"]["max_files"], channels["quote"]["max_bytes"]) == (4, 3_000_000)
