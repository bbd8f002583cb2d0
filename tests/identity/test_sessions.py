"""What the edge is told with each request, and how sessions end."""

import uuid
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from chassis.auth import BadIdentity, Verifier
from chassis.testing import Bench
from chassis.work import Told
from events.employers import HabilitationGranted, HabilitationRevoked
from services.identity.config import IdentityWork
from services.identity.subscribers import on_grant, on_revocation
from tests.identity.clock import let_time_pass
from tests.identity.people import BETTER, HOME, SIREN, Visitor, actor_of, ask_edge, employer, grant, signed_in


@pytest.fixture
def alix(bench: Bench) -> Visitor:
    visitor, activation_id = Visitor(bench, space="entreprise", email="rh@exemple.fr"), uuid.uuid4()
    bench.tell(employer(activation_id, phone="+33639980009"))
    visitor.choose(activation_id, visitor.prove(activation_id, visitor.last_code()).json["proof"], BETTER)
    return visitor


def test_a_visitor_is_anonymous_with_a_brand_a_space_and_an_address(bench: Bench):
    answer = ask_edge(bench, None, space="entreprise")
    assert answer.json["kind"] == "anonymous"
    actor = Verifier(bench.running.settings.keys.jwks, "members").actor(answer.json["identity"])
    assert (actor.kind, actor.brand, actor.space, actor.address) == ("anonymous", "hcr", "entreprise", HOME)


def test_an_identity_opens_one_service_only(bench: Bench, dominique: Visitor):
    identity = ask_edge(bench, dominique.come_in(), audience="documents").json["identity"]
    with pytest.raises(BadIdentity):
        Verifier(bench.running.settings.keys.jwks, "members").actor(identity)


def test_nobody_but_the_edge_asks_for_identities(bench: Bench, dominique: Visitor):
    question = {"token": dominique.come_in(), "audience": "members", "brand": "hcr", "space": "assure", "address": HOME}
    for headers in ({}, {"Affilia-Edge": ""}, {"Affilia-Edge": "é"}, {"Affilia-Edge": "x" * 43}):
        assert bench.app.test_client().post("/_/identities", json=question, headers=headers).status_code == 403
    assert dominique.door.post("/_/identities", json=question).status_code == 403


def test_the_public_keys_are_published(bench: Bench):
    keys = bench.app.test_client().get("/_/jwks").json["keys"]
    assert keys
    assert all("d" not in key for key in keys)


@pytest.mark.parametrize(("who", "minutes"), [("dominique", 30), ("alix", 15)])
def test_an_idle_session_ends(bench: Bench, who: str, minutes: int, request: pytest.FixtureRequest):
    visitor: Visitor = request.getfixturevalue(who)
    token = visitor.come_in(BETTER if who == "alix" else "Giboulée-42")
    let_time_pass(bench, f"{minutes - 1} minutes")
    assert ask_edge(bench, token, space=visitor.space).status_code == 200
    let_time_pass(bench, f"{minutes - 1} minutes")
    assert ask_edge(bench, token, space=visitor.space).status_code == 200, "the last visit counts"
    let_time_pass(bench, f"{minutes} minutes 1 second")
    assert ask_edge(bench, token, space=visitor.space).status_code == 401


def test_a_session_ends_after_twelve_hours_of_use(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    for _ in range(25):
        let_time_pass(bench, "28 minutes")
        assert ask_edge(bench, token).status_code == 200
    let_time_pass(bench, "21 minutes")
    assert ask_edge(bench, token).status_code == 401


def test_a_session_is_written_at_most_once_a_minute(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    before = _last_seen(bench)
    for _ in range(3):
        ask_edge(bench, token)
    assert _last_seen(bench) == before
    let_time_pass(bench, "61 seconds")
    older = _last_seen(bench)
    ask_edge(bench, token)
    assert _last_seen(bench) > older


def test_a_token_is_stored_as_its_hash_and_belongs_to_its_brand(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    with bench.running.working() as work:
        stored = [str(value) for row in work.session.execute(text("SELECT s::text, d::text FROM session s, device d")) for value in row]
    assert stored
    assert not any(token in value or str(dominique.device) in value for value in stored)
    assert ask_edge(bench, token, brand="klesia-pro").status_code == 401
    assert ask_edge(bench, token + "x").status_code == 401


def test_dominique_signs_out_and_is_a_stranger_at_once(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    assert signed_in(bench, token).delete("/sessions/current").status_code == 204
    assert ask_edge(bench, token).status_code == 401


def test_dominique_sees_her_sessions_and_ends_the_one_of_the_library(bench: Bench, dominique: Visitor):
    library, home = dominique.come_in(), dominique.come_in()
    mine = signed_in(bench, home)
    items = mine.get("/sessions").json["items"]
    assert [item["current"] for item in items] == [True, False]
    assert mine.delete(f"/sessions/{items[1]['id']}").status_code == 204
    assert ask_edge(bench, library).status_code == 401
    assert ask_edge(bench, home).status_code == 200


def test_alix_holds_what_employers_granted_and_loses_it_at_once(bench: Bench, alix: Visitor):
    token = alix.come_in(BETTER)
    account_id = actor_of(bench, token, space="entreprise").account_id
    assert actor_of(bench, token, space="entreprise").grants == {}
    bench.tell(grant(account_id), grant(account_id, "987654324", "user"))
    assert actor_of(bench, token, space="entreprise").grants == {SIREN: "administrator", "987654324": "user"}
    me = signed_in(bench, token, space="entreprise").get("/me").json
    assert (me["kind"], me["reference"], me["grants"][SIREN], me["strong"]) == ("employer", f"account:{account_id}", "administrator", True)
    bench.tell(HabilitationRevoked(account_id=account_id, siren=SIREN))
    assert actor_of(bench, token, space="entreprise").grants == {"987654324": "user"}


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_revocation_newer_than_its_grant_wins_in_any_order_of_arrival(bench: Bench, alix: Visitor, order: tuple[int, int]):
    token = alix.come_in(BETTER)
    account_id = actor_of(bench, token, space="entreprise").account_id
    assert account_id
    told = [
        (on_grant, _told(HabilitationGranted(account_id=account_id, siren=SIREN, role="user"), 1)),
        (on_revocation, _told(HabilitationRevoked(account_id=account_id, siren=SIREN), 2)),
    ]
    for place in order:
        handler, fact = told[place]
        with bench.running.working() as work:
            handler(work, [fact], None)
    assert actor_of(bench, token, space="entreprise").grants == {}


def _told(fact: object, second: int) -> Told:
    return Told(fact=fact, id=uuid.uuid4(), time=datetime(2026, 7, 1, 12, 0, second, tzinfo=UTC), brand="hcr", trace="")


def _last_seen(bench: Bench) -> datetime:
    work: IdentityWork
    with bench.running.working() as work:
        return work.session.scalar(text("SELECT max(last_seen_at) FROM session"))
