"""A copy of all one's data (RGPD art. 15 and 20): asked in one's space, prepared apart, told when it is ready, for a week."""

import json
import uuid

from sqlalchemy import text

from chassis.actor import Actor
from chassis.testing import Bench, Client
from events.documents import Released
from events.identity import CopyAsked, CopyReady, IdentityPart
from tests.identity.people import BETTER, Visitor, actor_of, person, problem, signed_in


def archived(bench: Bench, copy_id: str) -> None:
    bench.tell(Released(document_id=uuid.UUID(copy_id), owner=person().subject, kind="account_copy"))


def test_dominique_asks_for_a_copy_and_sees_where_it_stands(bench: Bench, home: Client):
    asked = home.post("/copies")
    assert (asked.status_code, asked.json["state"]) == (202, "gathering")
    (told,) = bench.told(CopyAsked)
    assert (str(told.copy_id), told.reference) == (asked.json["id"], person().subject)
    archived(bench, asked.json["id"])
    (line,) = home.get("/copies").json["items"]
    assert (line["state"], line["state_label"], line["document_id"]) == ("ready", "Disponible", asked.json["id"])
    (ready,) = bench.told(CopyReady)
    assert (ready.email.value, ready.reference) == ("dominique@exemple.fr", person().subject)
    archived(bench, asked.json["id"])
    assert len(bench.told(CopyReady)) == 1, "told once"


def test_the_part_of_identity_holds_her_account_and_no_secret(bench: Bench, dominique: Visitor, home: Client):
    home.put("/consents", json={"purpose": "follow_up", "channel": "sms", "given": True})
    home.post("/copies")
    bench.tell(*bench.told(CopyAsked))
    (part,) = bench.told(IdentityPart)
    held = {section["key"]: section["rows"] for section in json.loads(part.content.value)}
    assert held["account"][0]["email"] == "dominique@exemple.fr"
    assert [len(held[key]) for key in ("sessions", "devices", "consents")] == [1, 1, 1]
    assert held["sessions"][0]["network"] == "192.0.2.•"
    assert not [word for word in ("hash", "argon2", "token", "totp") if word in part.content.value]


def test_whoever_has_just_taken_the_mailbox_copies_nothing_before_a_day(bench: Bench, dominique: Visitor):
    assert dominique.choose_another().status_code == 204
    assert problem(signed_in(bench, dominique.come_in(BETTER)).post("/copies")) == (423, "action-en-attente")
    assert bench.told(CopyAsked) == []


def test_a_copy_is_over_after_a_week(bench: Bench, home: Client):
    asked = home.post("/copies").json
    archived(bench, asked["id"])
    with bench.running.working() as work:
        work.session.execute(text("UPDATE account_export SET expires_at = expires_at - interval '7 days 1 second'"))
    (line,) = home.get("/copies").json["items"]
    assert (line["state"], line["document_id"]) == ("expired", None)


def test_three_copies_a_day_are_enough(home: Client):
    assert [home.post("/copies").status_code for _ in range(4)] == [202, 202, 202, 429]


def test_a_session_without_a_second_factor_asks_for_none(bench: Bench, dominique: Visitor):
    actor = actor_of(bench, dominique.come_in())
    weak = bench.as_(Actor(kind="member", brand="hcr", space="assure", account_id=actor.account_id, session_id=actor.session_id))
    assert problem(weak.post("/copies")) == (403, "connexion-a-confirmer")
    assert bench.told(CopyAsked) == []


def test_the_file_of_somebody_else_is_no_copy(bench: Bench, home: Client):
    asked = home.post("/copies").json
    bench.tell(Released(document_id=uuid.UUID(asked["id"]), owner=person().subject, kind="rib"))
    bench.tell(Released(document_id=uuid.uuid4(), owner=person().subject, kind="account_copy"))
    assert bench.told(CopyReady) == []
    assert bench.parked() == []
