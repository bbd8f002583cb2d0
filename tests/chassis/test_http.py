"""The HTTP door: who is let in, what is refused and how it is told, one transaction a request, repetition without harm."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from chassis.actor import Actor
from chassis.testing import Bench, unguarded
from events.messaging import NoticeHandedOver
from tests.chassis.conftest import CLERK

BOOK = {"recipient": "zoe", "content": "livre", "weight": 2}


def test_a_posted_parcel_is_told_and_audited_with_its_row(parcels: Bench):
    assert parcels.as_(CLERK).post("/parcels", json=BOOK).status_code == 201
    assert [fact.about for fact in parcels.told(NoticeHandedOver)] == ["recipient:zoe"]
    assert parcels.audited() == ["parcel.posted"]


def test_a_refused_parcel_leaves_nothing(parcels: Bench):
    answer = parcels.as_(CLERK).post("/parcels", json=BOOK | {"weight": 31})
    assert (answer.status_code, answer.content_type) == (409, "application/problem+json")
    assert answer.json == {"type": "/problemes/colis-trop-lourd", "title": "Ce colis est trop lourd.", "status": 409, "weight": 31}
    assert parcels.told(NoticeHandedOver) == []
    assert parcels.audited() == []


def test_each_wrong_field_is_named_with_a_french_sentence(parcels: Bench):
    answer = parcels.as_(CLERK).post("/parcels", json={"recipient": 3, "weight": "x", "extra": 1})
    assert answer.status_code == 422
    assert {error["field"]: error["message"] for error in answer.json["errors"]} == {
        "recipient": "Un texte est attendu.",
        "weight": "Un nombre entier est attendu.",
        "content": "Cette information est obligatoire.",
        "extra": "Ce champ n'est pas attendu.",
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "slug"),
    [
        ("GET", "/nowhere", 404, "introuvable"),
        ("DELETE", "/parcels", 405, "methode-refusee"),
        ("GET", "/broken", 500, "erreur-interne"),
    ],
)
def test_what_http_refuses_is_a_problem_too(parcels: Bench, method: str, path: str, status: int, slug: str):
    answer = parcels.as_(CLERK).open(path, method=method)
    assert (answer.status_code, answer.json["type"]) == (status, f"/problemes/{slug}")


def test_an_unreadable_body_is_refused(parcels: Bench):
    answer = parcels.as_(CLERK).post("/parcels", data=b"{", content_type="application/json")
    assert (answer.status_code, answer.json["type"]) == (400, "/problemes/requete-illisible")
    assert answer.json["errors"] == [{"field": "corps", "message": "Ce JSON n'est pas lisible : ligne 1, caractère 2."}]


@pytest.mark.parametrize("data", [b"[" * 10_000, b"9" * 10_000], ids=["nested without end", "a number without end"])
def test_a_body_that_would_exhaust_its_reader_is_refused(parcels: Bench, data: bytes):
    answer = parcels.as_(CLERK).post("/parcels", data=data, content_type="application/json")
    assert (answer.status_code, answer.json["type"]) == (400, "/problemes/requete-illisible")


def test_a_body_of_another_format_is_refused(parcels: Bench):
    answer = parcels.as_(CLERK).post("/parcels", data=b"recipient=zoe", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.json["type"]) == (415, "/problemes/format-refuse")


def test_a_body_that_is_too_large_is_refused(parcels: Bench):
    answer = parcels.as_(CLERK).post("/parcels", data=b'"' + b"x" * 1_100_000 + b'"', content_type="application/json")
    assert (answer.status_code, answer.json["type"]) == (413, "/problemes/trop-volumineux")


def test_only_the_named_audience_enters(parcels: Bench):
    assert parcels.anonymous().get("/parcels").status_code == 401
    assert parcels.as_(Actor(kind="stranger")).get("/parcels").status_code == 403
    assert parcels.as_(CLERK).get("/parcels").status_code == 200


def test_an_unsigned_or_foreign_identity_is_nobody(parcels: Bench):
    client = parcels.anonymous()
    forged = client.get("/parcels", headers={"Affilia-Identity": "eyJhbGciOiJub25lIn0.e30."})
    assert (forged.status_code, forged.json["type"]) == (401, "/problemes/connexion-requise")


def test_no_route_stands_without_an_audience(parcels: Bench):
    assert unguarded(parcels.app) == []


def test_row_security_shows_each_recipient_only_what_is_theirs(parcels: Bench):
    parcels.as_(CLERK).post("/parcels", json=BOOK)
    seen = {who: len(parcels.as_(Actor(kind="recipient", reference=f"recipient:{who}")).get("/parcels").json) for who in ("zoe", "max")}
    assert seen == {"zoe": 1, "max": 0}


def test_fifty_parallel_repetitions_create_one_parcel(parcels: Bench):
    client, key = parcels.as_(CLERK), {"Idempotency-Key": str(uuid.uuid4())}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: client.post("/parcels", json=BOOK, headers=key), range(50)))
    created = {answer.json["id"] for answer in answers if answer.status_code == 201}
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(created) == 1
    assert len(parcels.told(NoticeHandedOver)) == 1


def test_a_key_used_for_another_body_is_refused(parcels: Bench):
    client, key = parcels.as_(CLERK), {"Idempotency-Key": "k"}
    client.post("/parcels", json=BOOK, headers=key)
    answer = client.post("/parcels", json=BOOK | {"weight": 3}, headers=key)
    assert (answer.status_code, answer.json["type"]) == (422, "/problemes/cle-deja-utilisee")


def test_a_refusal_is_not_kept_under_its_key(parcels: Bench):
    client, key = parcels.as_(CLERK), {"Idempotency-Key": "k"}
    assert client.post("/parcels", json=BOOK | {"weight": 31}, headers=key).status_code == 409
    assert client.post("/parcels", json=BOOK, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["ééé", "a b", "", "k" * 201])
def test_an_unprintable_key_is_refused(parcels: Bench, key: str):
    answer = parcels.as_(CLERK).post("/parcels", json=BOOK, headers={"Idempotency-Key": key})
    assert (answer.status_code, answer.json["type"]) == (422, "/problemes/cle-invalide")


def test_the_plumbing_tells_how_it_is(parcels: Bench):
    client = parcels.anonymous()
    assert client.get("/_/live").json == {"status": "live"}
    assert client.get("/_/ready").json["status"] == "ready"
    assert b"affilia_inbox_waiting 0.0" in client.get("/_/metrics").data
    assert client.get("/_/openapi.json").json["openapi"] == "3.1.0"


def test_models_and_migrations_agree(parcels: Bench):
    assert parcels.drift() == []


def test_the_trace_of_the_caller_is_kept(parcels: Bench):
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = parcels.as_(CLERK).post("/parcels", json=BOOK, headers={"traceparent": trace})
    assert answer.headers["traceresponse"].split("-")[1] == trace.split("-")[1]


def test_a_key_shown_while_asking_what_is_allowed_is_not_used_up(parcels: Bench):
    client, key = parcels.as_(CLERK), {"Idempotency-Key": "k"}
    client.options("/parcels", json=BOOK, headers=key)
    assert client.post("/parcels", json=BOOK, headers=key).status_code == 201


def test_a_missing_outside_is_said_without_closing_the_door(parcels: Bench, monkeypatch: pytest.MonkeyPatch):
    def refuse(_adapters: object) -> None:
        raise ConnectionError

    monkeypatch.setitem(parcels.running.service.pings, "scale", refuse)  # type: ignore[arg-type]
    answer = parcels.anonymous().get("/_/ready")
    assert (answer.status_code, answer.json["status"], answer.json["reasons"]) == (200, "degraded", ["scale: ConnectionError"])


@pytest.mark.parametrize("field", ["recipient", "content"])
@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"], ids=["a null", "half a character"])
def test_a_text_that_no_database_stores_is_refused(parcels: Bench, field: str, text: str):
    body = json.dumps(BOOK | {field: "…"}).replace(json.dumps("…"), f'"{text}"')
    answer = parcels.as_(CLERK).post("/parcels", data=body, content_type="application/json")
    assert answer.status_code == (201 if (field, text) == ("content", "\\u0000") else 422), "a sealed text holds whatever is a character"
