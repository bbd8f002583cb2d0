"""Who may declare what at the producers' door, what became of it, and a file that is only checked."""

import hashlib
import json
import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from werkzeug.test import Client, TestResponse

import feeds
from chassis.config import BadConfiguration, from_environment
from chassis.testing import Bench
from feeds import kit
from feeds.dsn.writer import LOT_SAMPLE, MONTHLY_SAMPLE, sample
from feeds.sealing import PlatformKey
from gateway import checking
from gateway.config import EdgeSettings, Producer, Settings
from gateway.embedded import Platform
from gateway.routing import Route
from services.members.app import SERVICE as MEMBERS
from tests.gateway.test_feed import BATCH, HOST, RADIATION
from tests.gateway.test_feed import settings as with_the_key
from tests.members.people import SIREN

SAMPLES = Path(feeds.__file__).parent / "samples"
FOREIGN = "552100554"
TOKENS = {"paie-renaud": "jeton-de-renaud", "paie-autre": "jeton-d-une-autre-maison"}


def producer(key: str, siren: str) -> Producer:
    return Producer(key=key, name=f"Paie {key}", token=hashlib.sha256(TOKENS[key].encode()).hexdigest(), sirens=(siren,))


@pytest.fixture(scope="module")
def desk(make_bench: Any) -> Bench:
    made: Bench = make_bench(MEMBERS)
    return made


settings = with_the_key
"""The gateway's settings, with the public key of the bench."""


@pytest.fixture
def door(desk: Bench, settings: Settings) -> Iterator[Client]:
    known = (producer("paie-renaud", SIREN), producer("paie-autre", FOREIGN))
    told = msgspec.structs.replace(settings, producers=known)
    yield Client(Platform({"members": desk.running}, told, table={"members": Route("members", 1_000, "")}).wsgi)
    desk.empty()


def ask(door: Client, path: str, token: str, **options: Any) -> TestResponse:
    return door.open(path, headers=HOST | {"Authorization": f"Bearer {token}"}, **options)


def batch(settings: Settings, *fact_ids: uuid.UUID) -> bytes:
    items = [kit.Item(fact_id, RADIATION) for fact_id in fact_ids]
    return msgspec.json.encode(kit.sealed(items, PlatformKey(**settings.feed_key), datetime.now(UTC)))


def sent(door: Client, settings: Settings, token: str, *fact_ids: uuid.UUID) -> TestResponse:
    return ask(door, "/_feed/events", token, method="POST", data=batch(settings, *fact_ids), content_type=BATCH)


def test_a_producer_declares_for_its_companies_and_for_no_other(door: Client, settings: Settings, desk: Bench):
    refused = sent(door, settings, TOKENS["paie-autre"], uuid.uuid4())
    assert refused.status_code == 422
    assert refused.json["errors"] == [{"index": 0, "reason": "Ce producteur ne déclare pas pour cet établissement."}]
    assert desk.work() == 0
    assert sent(door, settings, TOKENS["paie-renaud"], uuid.uuid4()).status_code == 202
    assert sent(door, settings, settings.feed_token, uuid.uuid4()).status_code == 202


def test_each_producer_is_told_who_it_is_taken_for(door: Client, settings: Settings):
    assert ask(door, "/_feed/producer", TOKENS["paie-renaud"]).json == {"name": "Paie paie-renaud", "sirens": [SIREN]}
    assert ask(door, "/_feed/producer", settings.feed_token).json == {"name": "Affilia", "sirens": None}
    assert ask(door, "/_feed/producer", "x").status_code == 401


def test_what_became_of_a_fact_is_told_to_who_declares_for_the_company(door: Client, settings: Settings, desk: Bench):
    known, unknown = uuid.uuid4(), uuid.uuid4()
    sent(door, settings, TOKENS["paie-renaud"], known)
    asked = {"ids": [str(known), str(unknown)]}

    def told(token: str) -> Any:
        return ask(door, "/_feed/receipts", token, method="POST", json=asked).json["items"]

    assert [item["state"] for item in told(TOKENS["paie-renaud"])] == ["queued"]
    desk.work()
    (item,) = told(TOKENS["paie-renaud"])
    assert (item["id"], item["state"]) == (str(known), "waiting")
    assert told(settings.feed_token) == [item]
    assert told(TOKENS["paie-autre"]) == [], "the fact of somebody else is not known"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ids": ["x"]}', b'{"ids": [], "sirens": null}', b'{"ids": "x"}'])
def test_a_question_that_cannot_be_read_is_refused(door: Client, settings: Settings, body: bytes):
    assert ask(door, "/_feed/receipts", settings.feed_token, method="POST", data=body).status_code == 422


def test_receipts_wait_for_the_service_that_judges(desk: Bench, settings: Settings):
    alone = Client(Platform({"desk": desk.running}, settings, table={}).wsgi)
    assert ask(alone, "/_feed/receipts", settings.feed_token, method="POST", json={"ids": []}).status_code == 503


@pytest.mark.parametrize(
    ("content", "kind", "facts"),
    [
        (sample(MONTHLY_SAMPLE), "dsn", 12),
        (sample(LOT_SAMPLE), "dsn", 10),
        ((SAMPLES / "faits-synthetiques.jsonl").read_bytes(), "events", 6),
        ((SAMPLES / "faits-synthetiques.csv").read_bytes(), "csv", 5),
    ],
)
def test_a_file_is_checked_for_anybody_and_nothing_of_it_stays(door: Client, desk: Bench, content: bytes, kind: str, facts: int):
    told = door.post("/_feed/check", data=content, headers=HOST).json
    assert (told["kind"], told["facts"], told["refused"], told["lines"]) == (kind, facts, 0, [])
    assert desk.work() == 0


def test_a_report_is_bounded_and_repeats_nothing_of_the_file(door: Client):
    spoilt = sample(MONTHLY_SAMPLE).replace(b"S21.G00.30.002,'ESSAI'", b"S21.G00.30.002,'<ESSAI>'")
    (line,) = (told := door.post("/_feed/check", data=spoilt, headers=HOST)).json["lines"]
    assert (line["rubrique"], "ESSAI" in told.text) == ("S21.G00.30.002", False)
    many = door.post("/_feed/check", data=b"{\n" * 5_000, headers=HOST).json
    assert (many["refused"], len(many["lines"])) == (5_000, checking.MOST_LINES)
    assert door.post("/_feed/check", data=b" " * 5_000_001, headers=HOST).status_code == 413


def test_few_files_are_read_at_once(door: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "_turns", threading.BoundedSemaphore(1))
    monkeypatch.setattr(checking, "PATIENCE_S", 0.01)
    with checking._turn():
        assert door.post("/_feed/check", data=b"{}", headers=HOST).status_code == 429
    assert door.post("/_feed/check", data=b"{}", headers=HOST).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    ["{}", '[{"key": "a", "name": "A", "token": "clair", "sirens": []}]', '[{"key": "a", "name": "A", "token": "' + "0" * 64 + '"}]'],
)
def test_a_list_of_producers_that_cannot_be_read_stops_the_edge(settings: Settings, wrong: str):
    own = {"EDGE_SECRET": "x", "FRONT_SECRET": "x", "FEED_TOKEN": "x", "BROKER_URL": "amqp://x", "FEED_KEY": "{}", "UPSTREAMS": "{}"}
    environ = {f"AFFILIA_GATEWAY_{name}": value for name, value in own.items()} | {"AFFILIA_BRANDS": str(settings.brands)}
    right = json.dumps([msgspec.to_builtins(producer("paie-renaud", SIREN))])
    assert from_environment(EdgeSettings, "gateway", environ | {"AFFILIA_GATEWAY_PRODUCERS": right}).producers[0].sirens == (SIREN,)
    with pytest.raises(BadConfiguration):
        from_environment(EdgeSettings, "gateway", environ | {"AFFILIA_GATEWAY_PRODUCERS": wrong})
