"""A payroll producer at the door: what is taken is taken whole and durably, what is not is explained event by event."""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

import msgspec
import pytest
from nacl.public import PrivateKey
from sqlalchemy import text
from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse

from chassis.sealing import b64, unb64
from chassis.testing import Bench
from events.dsn import AffiliationSeen, Cover, Declaration, Employment, Radiation, Rank
from events.fact import Sealed
from feeds import kit
from feeds.publishers import HttpPublisher, PublishRefused, Unroutable
from feeds.sealing import PlatformKey
from gateway.config import Settings
from gateway.embedded import Platform
from gateway.routing import Route
from tests.chassis.parcels.app import SERVICE, Parcel

HOST = {"Host": "localhost"}
BATCH = "application/cloudevents-batch+json"
RADIATION = Radiation(
    declaration=Declaration(siret="12345678200010", nature="07", type="normal", rank=Rank(built_on=date(2026, 7, 1), number=1)),
    employment=Employment(
        starts_on=date(2026, 2, 1),
        number="00001",
        last_name=Sealed("ESSAI"),
        first_name=Sealed("Dominique"),
        birth_on=Sealed("1980-04-04"),
        nir=Sealed("2800475999005"),
    ),
    covers=(Cover(contract_reference="SANTE-EX-0001", insurer_code="P9999"),),
    cause="employment",
    ended_on=date(2026, 6, 30),
    motive="043",
)


def on_radiation(work: Any, tolds: Sequence[Any], adapters: Any) -> None:
    for told in tolds:
        name = told.fact.employment.last_name.value
        work.session.add(Parcel(id=told.id, recipient=told.fact.declaration.siret, content=name, weight=1))


DESK = replace(SERVICE, name="desk", title="Guichet", subscriptions={Radiation: on_radiation})


@pytest.fixture(scope="module")
def desk(make_bench: Any) -> Bench:
    return make_bench(DESK)


@pytest.fixture
def settings(settings: Settings, desk: Bench) -> Settings:
    ((key_id, private),) = desk.running.settings.keys.feed.items()
    public = b64(bytes(PrivateKey(unb64(private)).public_key))
    return msgspec.structs.replace(settings, feed_key={"id": key_id, "public_key": public})


@pytest.fixture
def door(desk: Bench, settings: Settings) -> Iterator[Client]:
    house = Platform({"desk": desk.running}, settings, table={"desk": Route("desk", 1_000, "")})
    yield Client(house.wsgi)
    desk.empty()


@pytest.fixture
def batch(settings: Settings) -> list[dict[str, Any]]:
    """Two events as the kit makes them, ready to be spoiled."""
    key = PlatformKey(**settings.feed_key)
    items = [kit.Item(uuid.uuid4(), RADIATION), kit.Item(uuid.uuid4(), RADIATION)]
    return json.loads(msgspec.json.encode(kit.sealed(items, key, datetime.now(UTC))))


@pytest.fixture
def send(door: Client, settings: Settings) -> Any:
    def send(body: Any, token: str = settings.feed_token, kind: str = BATCH, **options: Any) -> TestResponse:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return door.post("/_feed/events", data=data, content_type=kind, headers=HOST | {"Authorization": f"Bearer {token}"}, **options)

    return send


def waiting(desk: Bench) -> int:
    with desk.running.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM inbox"))


def slug(answer: TestResponse) -> str:
    assert answer.content_type == "application/problem+json", answer.text
    return answer.json["type"].removeprefix("/problemes/")


def test_a_batch_is_durably_taken_before_it_is_answered_and_only_once(send, batch, desk: Bench):
    assert (send(batch).json, waiting(desk)) == ({"accepted": 2, "repeated": 0}, 2)
    assert (send(batch).json, waiting(desk)) == ({"accepted": 2, "repeated": 2}, 2)
    desk.work()
    assert desk.parked() == []
    with desk.running.working() as work:
        assert [parcel.content for parcel in work.session.query(Parcel)] == ["ESSAI", "ESSAI"]


def test_an_empty_batch_is_nothing(send):
    assert send([]).json == {"accepted": 0, "repeated": 0}


SPOILS = [
    ("id", "not-a-uuid", "champ id"),
    ("type", "members.rights_opened.v1", "n'est pas accepté des producteurs"),
    ("type", "dsn.nothing.v1", "n'est pas accepté des producteurs"),
    ("subject", "employment:99999999900010/00001", "n'est pas celui que dit le fait"),
    ("subject", "", "caractères visibles"),
    ("source", "a\nb", "caractères visibles"),
    ("source", "x" * 301, "caractères visibles"),
    ("time", "2026-07-01T00:00:00", "fuseau horaire"),
    ("time", "0001-01-01T00:00:00+14:00", "notre siècle"),
    ("time", "hier", "champ time"),
    ("specversion", "0.3", "champ specversion"),
    ("datacontenttype", "text/xml", "champ datacontenttype"),
    ("contentkey", "dev-feed.AAAA", "ne s'ouvre pas"),
    ("contentkey", "nobody.AAAA", "ne s'ouvre pas"),
    ("contentkey", None, "ne s'ouvre pas"),
    ("data", {}, "manque"),
    ("data", [], "Le contenu n'est pas celui attendu"),
    ("data", None, "Le contenu n'est pas celui attendu"),
]


@pytest.mark.parametrize(("name", "value", "said"), SPOILS)
def test_one_spoilt_event_and_nothing_of_the_batch_is_taken(send, batch, desk: Bench, name: str, value: Any, said: str):
    batch[1][name] = value
    answer = send(batch)
    assert (answer.status_code, slug(answer)) == (422, "lot-refuse")
    ((flaw),) = answer.json["errors"]
    assert flaw["index"] == 1
    assert said in flaw["reason"]
    assert waiting(desk) == 0


@pytest.mark.parametrize("missing", ["id", "type", "source", "subject", "time", "data", "specversion"])
def test_a_missing_attribute_is_named(send, batch, missing: str):
    del batch[0][missing]
    assert send(batch).json["errors"] == [{"index": 0, "reason": f"Le champ « {missing} » manque."}]


@pytest.mark.parametrize("value", [5, None, [1], {"a": 1}, True])
def test_a_sealed_field_that_is_no_text_is_refused_with_its_place(send, batch, value: Any):
    batch[0]["data"]["employment"]["last_name"] = value
    answer = send(batch)
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"index": 0, "reason": "Le contenu n'est pas celui attendu (champ employment.last_name)."}]


def test_a_reason_says_the_place_and_never_the_value(send, batch):
    batch[0]["data"]["employment"]["starts_on"] = "2800475999005"
    batch[1]["data"]["employment"]["nir"] = "batch.2800475999005"
    answer = send(batch)
    assert [error["reason"] for error in answer.json["errors"]] == [
        "Le contenu n'est pas celui attendu (champ employment.starts_on).",
        "Un champ scellé ne s'ouvre pas avec les clés de cette plateforme (champ employment.nir).",
    ]
    assert "2800475999005" not in answer.text


def test_a_sealed_field_cannot_move_to_another_kind_of_event(send, batch):
    batch[0]["type"] = AffiliationSeen.name
    for name in ("cause", "ended_on", "motive"):
        del batch[0]["data"][name]
    assert "ne s'ouvre pas" in send(batch).json["errors"][0]["reason"]


def test_a_fact_that_nobody_awaits_is_said_so(send, settings: Settings, desk: Bench):
    seen = AffiliationSeen(declaration=RADIATION.declaration, employment=RADIATION.employment)
    sealed = kit.sealed([kit.Item(uuid.uuid4(), seen)], PlatformKey(**settings.feed_key), datetime.now(UTC))
    answer = send(msgspec.json.encode(sealed))
    assert (answer.status_code, slug(answer), waiting(desk)) == (409, "sans-destinataire", 0)


@pytest.mark.parametrize("token", ["", "wrong", "é", "x" * 5_000])
def test_only_a_producer_who_holds_the_token_is_read(send, batch, desk: Bench, token: str):
    answer = send(batch, token=token)
    assert (answer.status_code, slug(answer), waiting(desk)) == (401, "jeton-refuse", 0)


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b"null", b"\xff", b'"x"', b"[1", b"[" * 100_000])
def test_what_is_not_a_list_is_refused(send, body: bytes):
    assert slug(send(body)) == "lot-refuse"


@pytest.mark.parametrize("event", [1, None, "x", [], {}])
def test_what_is_not_an_event_is_refused(send, event: Any):
    assert send([event]).json["errors"][0]["index"] == 0


def test_too_many_events_too_many_bytes_and_another_format_are_refused(send, batch):
    assert (many := send(batch[:1] * 501)).status_code == 422
    assert many.json["max_events"] == 500
    assert slug(send(b" " * 5_000_001)) == "trop-volumineux"
    assert send(b"", environ_overrides={"CONTENT_LENGTH": "x"}).status_code in (400, 422)
    assert slug(send(batch, kind="text/plain")) == "format-refuse"


def test_the_door_says_which_methods_it_knows(door: Client):
    assert door.get("/_feed/events", headers=HOST).headers["Allow"] == "POST"
    assert door.post("/_feed/key", headers=HOST).headers["Allow"] == "GET"
    assert door.get("/_feed/else", headers=HOST).status_code == 404


def test_the_producers_kit_and_the_door_understand_each_other(door: Client, settings: Settings, desk: Bench):
    server = make_server("127.0.0.1", 0, door.application)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        _publish(f"http://localhost:{server.port}", settings.feed_token)
    finally:
        server.shutdown()
        server.server_close()
    assert waiting(desk) == 2


def _publish(base: str, token: str) -> None:
    publisher = HttpPublisher(base, token)
    key = publisher.key()
    items = [kit.Item(uuid.uuid4(), RADIATION), kit.Item(uuid.uuid4(), RADIATION)]
    assert publisher.publish(kit.sealed(items, key, datetime.now(UTC))).accepted == 2
    unheard = AffiliationSeen(declaration=RADIATION.declaration, employment=RADIATION.employment)
    with pytest.raises(Unroutable):
        publisher.publish(kit.sealed([kit.Item(uuid.uuid4(), unheard)], key, datetime.now(UTC)))
    with pytest.raises(PublishRefused, match="jeton"):
        HttpPublisher(base, "wrong").publish(kit.sealed(items, key, datetime.now(UTC)))
