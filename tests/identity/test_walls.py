"""The walls of identity: guarded doors, rows that only their owner sees, schema and samples that are what they say."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import events
from chassis.actor import ANONYMOUS, SYSTEM, Actor
from chassis.testing import Bench, unguarded
from events.identity import AccountActivated, CodeIssued, LinkIssued, PhoneEnrolled
from services.identity.actions import upkeep
from services.identity.app import SERVICE
from services.identity.models import Base
from tests.identity.clock import let_time_pass
from tests.identity.people import AFFILIATION, Visitor, actor_of, form, person, problem

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
CHARLIE = uuid.UUID("0198c0de-0000-7000-8000-000000000002")


def test_the_history_of_the_schema_and_the_models_agree(bench: Bench):
    assert bench.drift() == []
    assert bench.unwalled() == []


def test_every_door_names_its_audience(bench: Bench):
    assert unguarded(bench.app) == []


@pytest.mark.parametrize("name", sorted(SERVICE.listens_to))
def test_the_sample_of_each_fact_we_listen_to_applies(bench: Bench, name: str):
    sample = (SAMPLES / f"{name}.json").read_bytes()
    bench.tell(events.decode(events.CATALOGUE[name], sample, lambda plain: plain))
    assert bench.parked() == []


@pytest.mark.parametrize("kind", [AccountActivated, PhoneEnrolled, CodeIssued, LinkIssued])
def test_the_samples_of_what_we_tell_are_such_facts(kind: type[events.Fact]):
    sample = (SAMPLES / f"{kind.name}.json").read_bytes()
    fact = events.decode(kind, sample, lambda plain: plain)
    assert events.decode(kind, events.encode(fact, lambda plain: plain), lambda plain: plain) == fact


@pytest.fixture
def house(bench: Bench) -> dict[str, Actor]:
    """Dominique and Charlie are signed in; somebody fills a form; each actor by name."""
    bench.tell(person(), person("charlie@exemple.fr", "+33639980002", CHARLIE), form(email=events.Sealed("andrea@exemple.fr")))
    actors = {}
    for name in ("dominique", "charlie"):
        visitor = Visitor(bench, email=f"{name}@exemple.fr")
        visitor.activate("Tramontane-42")
        actors[name] = actor_of(bench, visitor.come_in("Tramontane-42"))
    visitor = Visitor(bench)
    actors["andrea"] = actor_of(bench, visitor.post("/access", token=visitor.last_link()).json["token"])
    return actors


NOBODYS = "sms_budget"
"""What a brand spent on a day: whoever signs in adds to it."""


def rows(bench: Bench, actor: Actor) -> dict[str, int]:
    """How many rows of each table an actor sees with the widest possible select; empty tables left out."""
    with bench.running.working(actor) as work:
        counted = {name: work.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in Base.metadata.tables}
    return {name: number for name, number in counted.items() if number and name != NOBODYS}


def test_a_member_sees_the_rows_of_her_own_account_and_no_other(bench: Bench, house: dict[str, Actor]):
    for name in ("dominique", "charlie"):
        assert rows(bench, house[name]) == {"account": 1, "session": 1, "device": 1, "challenge": 1, "code": 2, "terms_acceptance": 1}
    with bench.running.working(house["dominique"]) as work:
        assert work.session.scalar(text("SELECT email FROM account")) == "dominique@exemple.fr"


def test_an_applicant_sees_one_journey(bench: Bench, house: dict[str, Actor]):
    assert rows(bench, house["andrea"]) == {"applicant": 1, "session": 1}
    assert rows(bench, Actor(kind="applicant", brand="hcr", reference=f"affiliation:{uuid.uuid4()}")) == {}


def test_a_visitor_of_one_brand_never_reads_another(bench: Bench, house: dict[str, Actor]):
    assert rows(bench, Actor(kind=ANONYMOUS, brand="klesia-pro", space="assure")) == {}
    assert rows(bench, Actor(kind=ANONYMOUS, brand="hcr", space="assure"))["account"] == 2
    assert rows(bench, SYSTEM)["account"] == 2


def test_nobody_known_sees_nothing(bench: Bench, house: dict[str, Actor]):
    assert rows(bench, Actor(kind="")) == {}
    assert rows(bench, Actor(kind="employer", brand="hcr", account_id=uuid.uuid4(), grants={"123456782": "administrator"})) == {}
    assert rows(bench, Actor(kind="caseworker", brand="hcr", account_id=uuid.uuid4(), grants={"platform": "administer"})) == {}


def test_a_member_cannot_write_another_account(bench: Bench, house: dict[str, Actor]):
    with bench.running.working(house["dominique"]) as work:
        changed = work.session.execute(text("UPDATE account SET first_name = 'x' WHERE email = 'charlie@exemple.fr'"))
        assert changed.rowcount == 0


def test_the_session_of_somebody_else_is_missing_byte_for_byte(bench: Bench, house: dict[str, Actor]):
    dominique = bench.as_(house["dominique"])
    foreign = dominique.delete(f"/sessions/{house['charlie'].session_id}")
    missing = dominique.delete(f"/sessions/{uuid.uuid4()}")
    assert problem(foreign) == problem(missing) == (404, "introuvable")
    assert foreign.data == missing.data


def test_visitors_have_no_account_to_look_at(bench: Bench):
    for path in ("/me", "/sessions"):
        assert problem(bench.anonymous().get(path)) == (401, "connexion-requise")


def test_an_applicant_whose_form_was_not_heard_of_yet_is_still_who_the_identity_says(bench: Bench):
    reference = f"affiliation:{uuid.uuid4()}"
    me = bench.as_(Actor(kind="applicant", brand="hcr", space="assure", session_id=uuid.uuid4(), reference=reference)).get("/me")
    assert (me.status_code, me.json["reference"], me.json["first_name"]) == (200, reference, "")


def test_the_audit_trail_and_the_facts_hold_no_address_no_code_no_token(bench: Bench, house: dict[str, Actor]):
    told = [value for fact in bench.told(CodeIssued) for value in (fact.to.value, fact.code.value)]
    told += [value for link in bench.told(LinkIssued) for value in (link.to.value, link.token.value)]
    with bench.running.working() as work:
        written = work.session.scalars(text("SELECT a::text FROM audit a UNION ALL SELECT convert_from(body, 'UTF8') FROM outbox")).all()
    assert len(written) > 10
    assert not [value for value in told for line in written if value in line]
    assert {"account.activated", "session.opened", "code.issued", "link.issued", "device.trusted"} <= set(bench.audited())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/activations", {}),
        ("/activations", {"email": "pas une adresse"}),
        ("/activations", {"email": "a@exemple.fr\r\nBcc: x@exemple.fr"}),
        ("/activations", {"email": 3, "channel": "pigeon"}),
        ("/sessions", {"email": "a@exemple.fr"}),
        ("/sessions", {"email": "a@exemple.fr", "password": ""}),
        ("/sessions", {"email": "a@exemple.fr", "password": "\ud800"}),
        ("/sessions", {"email": "a@exemple.fr", "password": "x" * 1_001}),
        ("/sessions", {"email": "a@exemple.fr", "password": "x", "device": "\ud800"}),
        ("/sessions", {"email": "a@exemple.fr", "password": "x", "extra": 1}),
        ("/access", {"token": "\ud800"}),
        ("/access", {"token": ["x"]}),
        ("/access/codes", {"email": None}),
        (f"/access/codes/{AFFILIATION}/proof", {"code": ""}),
        (f"/challenges/{AFFILIATION}/code", {"channel": "sms", "phone": "12"}),
        (f"/challenges/{AFFILIATION}/proof", {"code": "1" * 41}),
        (f"/activations/{AFFILIATION}/password", {"proof": "x", "password": "y"}),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_the_place_of_each_fault(bench: Bench, path: str, body: dict[str, Any]):
    refused = bench.anonymous().post(path, json=body)
    assert problem(refused) == (422, "donnees-invalides")
    assert all(error["field"] and error["message"] for error in refused.json["errors"])


@pytest.mark.parametrize("path", ["/activations/pas-un-uuid/proof", "/challenges/1/code", "/access/codes/%00/proof", "/nulle-part"])
def test_an_id_that_is_none_is_missing(bench: Bench, path: str):
    assert problem(bench.anonymous().post(path, json={})) == (404, "introuvable")


@pytest.mark.parametrize("password", ["x" * 1_000, "é" * 500, "🔒" * 100, "a\u0301bc", "a\0b", "'; DROP TABLE account; --"])
def test_any_password_may_be_tried(bench: Bench, password: str):
    assert problem(Visitor(bench).sign_in(password)) == (401, "identifiants-incorrects")


def test_a_strange_address_is_a_network_of_its_own(bench: Bench):
    bench.tell(person())
    visitor = Visitor(bench, address="pas-une-adresse")
    visitor.activate()
    visitor.come_in()
    assert visitor.sign_in().json["trigger"] == "new_network"


def test_nothing_over_is_kept(bench: Bench, house: dict[str, Actor]):
    let_time_pass(bench, "200 days")
    with bench.running.working() as work:
        assert upkeep.forget(work) == 0
    assert rows(bench, SYSTEM) == {"account": 2, "applicant": 1, "terms_acceptance": 2}, "the proof of what was accepted stays"
