"""A mobile application that stays signed in (S4:34, S2:75): its tokens turn, a copied one ends it, three months of silence too."""

from typing import Any

from sqlalchemy import text

from chassis.testing import Bench
from events.identity import MobileReplayed
from tests.identity.clock import let_time_pass
from tests.identity.people import Visitor, ask_edge, person, problem, signed_in


def stay(bench: Bench, visitor: Visitor) -> Any:
    """Sign in on the telephone, and ask to stay."""
    answer = signed_in(bench, visitor.come_in()).post("/mobile/sessions")
    assert answer.status_code == 201, answer.json
    return answer.json


def test_dominique_signs_in_once_on_her_phone_and_is_still_in_weeks_later(bench: Bench, dominique: Visitor):
    """S4:34."""
    pair = stay(bench, dominique)
    for _ in range(4):
        let_time_pass(bench, "21 days")
        assert ask_edge(bench, pair["token"]).status_code == 401, "the token of each request lives a quarter of an hour"
        pair = dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"]).json
        assert ask_edge(bench, pair["token"]).status_code == 200


def test_three_months_of_silence_and_the_application_signs_in_again(bench: Bench, dominique: Visitor):
    """S0:126."""
    pair = stay(bench, dominique)
    let_time_pass(bench, "90 days 1 second")
    assert problem(dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"])) == (401, "application-a-reconnecter")


def test_the_browsers_token_is_worth_nothing_once_the_application_stays(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    pair = signed_in(bench, token).post("/mobile/sessions").json
    assert ask_edge(bench, token).status_code == 401
    assert ask_edge(bench, pair["token"]).status_code == 200


def test_a_turned_pair_leaves_the_older_token_worthless_at_once(bench: Bench, dominique: Visitor):
    older = stay(bench, dominique)
    newer = dominique.post("/mobile/refresh", refresh_token=older["refresh_token"]).json
    assert ask_edge(bench, older["token"]).status_code == 401
    assert ask_edge(bench, newer["token"]).status_code == 200


def test_a_copied_refresh_token_ends_the_application_of_both_and_tells_the_owner(bench: Bench, dominique: Visitor):
    copied = stay(bench, dominique)["refresh_token"]
    pair = dominique.post("/mobile/refresh", refresh_token=copied).json
    thief = Visitor(bench, address="203.0.113.9")
    assert problem(thief.post("/mobile/refresh", refresh_token=copied)) == (401, "application-a-reconnecter")
    assert ask_edge(bench, pair["token"]).status_code == 401
    assert problem(dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"])) == (401, "application-a-reconnecter")
    (told,) = bench.told(MobileReplayed)
    assert (told.email.value, told.reference) == ("dominique@exemple.fr", person().subject)
    assert "mobile.replayed" in bench.audited()


def test_an_answer_lost_on_the_way_is_asked_again_with_its_key_and_ends_nothing(bench: Bench, dominique: Visitor):
    pair, key = stay(bench, dominique), {"Idempotency-Key": "refresh-0001"}
    body = {"refresh_token": pair["refresh_token"]}
    first, again = (dominique.door.post("/mobile/refresh", json=body, headers=key) for _ in range(2))
    assert first.json == again.json
    assert ask_edge(bench, again.json["token"]).status_code == 200
    assert bench.told(MobileReplayed) == []


def test_unknown_used_and_ended_tokens_get_one_answer(bench: Bench, dominique: Visitor):
    pair = stay(bench, dominique)
    signed_in(bench, pair["token"]).delete("/sessions/current")
    ended = dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"])
    unknown = dominique.post("/mobile/refresh", refresh_token="x" * 43)
    elsewhere = Visitor(bench, brand="klesia-pro").post("/mobile/refresh", refresh_token=pair["refresh_token"])
    assert ended.data == unknown.data == elsewhere.data
    assert ended.status_code == unknown.status_code == 401


def test_an_application_asks_to_stay_right_after_signing_in_and_once(bench: Bench, dominique: Visitor):
    pair = stay(bench, dominique)
    assert problem(signed_in(bench, pair["token"]).post("/mobile/sessions")) == (409, "connexion-trop-ancienne")
    token = dominique.come_in()
    let_time_pass(bench, "11 minutes")
    assert problem(signed_in(bench, token).post("/mobile/sessions")) == (409, "connexion-trop-ancienne")


def test_the_application_is_one_line_of_her_sessions_and_ends_like_any_other(bench: Bench, dominique: Visitor):
    pair = stay(bench, dominique)
    let_time_pass(bench, "2 days")
    home = signed_in(bench, dominique.come_in())
    here, phone = home.get("/sessions").json["items"]
    assert [(line["mobile"], line["current"]) for line in (here, phone)] == [(False, True), (True, False)]
    assert home.delete(f"/sessions/{phone['id']}").status_code == 204
    assert problem(dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"])) == (401, "application-a-reconnecter")


def test_a_new_password_ends_the_application(bench: Bench, dominique: Visitor):
    pair = stay(bench, dominique)
    assert dominique.choose_another().status_code == 204
    assert problem(dominique.post("/mobile/refresh", refresh_token=pair["refresh_token"])) == (401, "application-a-reconnecter")


def test_no_token_of_an_application_is_stored(bench: Bench, dominique: Visitor):
    pair = stay(bench, dominique)
    with bench.running.working() as work:
        kept = work.session.scalars(text("SELECT s::text FROM session s UNION ALL SELECT r::text FROM refresh_token r")).all()
    assert len(kept) == 2
    assert not [line for line in kept if pair["token"] in line or pair["refresh_token"] in line]
