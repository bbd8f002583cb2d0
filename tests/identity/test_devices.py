"""Where one is signed in, and the browsers one trusts: seen, and ended (S0:120-126, S1:112-118)."""

import uuid

import pytest

from chassis.testing import Bench
from services.identity.adapters import browser_name
from services.identity.rules.second_factor import masked, network
from tests.identity.people import ELSEWHERE, Visitor, ask_edge, person, problem, signed_in

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 Version/18.2 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [(FIREFOX, "Firefox sur Windows"), (SAFARI, "Safari sur iOS"), ("", ""), ("curl/8.1", "curl"), ("\0é<script>" * 500, "")],
)
def test_a_browser_is_called_what_people_call_it(agent: str, name: str):
    assert browser_name(agent) == name


@pytest.mark.parametrize(
    ("address", "shown"),
    [("192.0.2.10", "192.0.2.•"), ("2001:db8:1:2::7", "2001:db8:1:•"), ("pas-une-adresse", ""), ("203.0.0.4", "203.0.0.•")],
)
def test_a_network_is_shown_without_its_end(address: str, shown: str):
    assert masked(network(address)) == shown


def test_dominique_sees_where_she_is_signed_in_and_with_what(bench: Bench, dominique: Visitor):
    dominique.agent = FIREFOX
    home = signed_in(bench, dominique.come_in())
    (line,) = home.get("/sessions").json["items"]
    assert (line["browser"], line["network"], line["current"], line["mobile"]) == ("Firefox sur Windows", "192.0.2.•", True, False)
    assert line["created_at"] <= line["last_seen_at"] < line["expires_at"]
    (device,) = home.get("/devices").json["items"]
    assert (device["browser"], device["network"]) == ("Firefox sur Windows", "192.0.2.•")


def test_she_ends_all_the_others_at_once_and_stays(bench: Bench, dominique: Visitor):
    library, phone = dominique.come_in(), dominique.come_in()
    pair = signed_in(bench, phone).post("/mobile/sessions").json
    home = dominique.come_in()
    assert signed_in(bench, home).delete("/sessions").status_code == 204
    assert [ask_edge(bench, token).status_code for token in (library, pair["token"], home)] == [401, 401, 200]
    assert signed_in(bench, home).get("/devices").json["items"] == []
    assert dominique.sign_in().json["trigger"] == "new_browser"


def test_a_device_she_trusts_no_more_is_a_stranger_at_its_next_sign_in(bench: Bench, dominique: Visitor):
    old = Visitor(bench, address=ELSEWHERE)
    old.come_in()
    home = signed_in(bench, dominique.come_in())
    here, there = home.get("/devices").json["items"]
    assert there["network"] == "198.51.100.•"
    assert home.delete(f"/devices/{there['id']}").status_code == 204
    assert old.sign_in().json["trigger"] == "new_browser"
    assert dominique.sign_in().status_code == 201
    assert [line["id"] for line in home.get("/devices").json["items"]] == [here["id"]]


def test_she_trusts_none_of_them_any_more(bench: Bench, dominique: Visitor):
    home = signed_in(bench, dominique.come_in())
    assert home.delete("/devices").status_code == 204
    assert dominique.sign_in().json["trigger"] == "new_browser"
    assert "device.all_revoked" in bench.audited()


def test_the_device_of_somebody_else_is_missing_byte_for_byte(bench: Bench, dominique: Visitor):
    charlie_id = uuid.uuid4()
    bench.tell(person("charlie@exemple.fr", "+33639980002", charlie_id))
    charlie = Visitor(bench, email="charlie@exemple.fr")
    charlie.activate()
    theirs = signed_in(bench, charlie.come_in()).get("/devices").json["items"][0]["id"]
    home = signed_in(bench, dominique.come_in())
    foreign, missing = home.delete(f"/devices/{theirs}"), home.delete(f"/devices/{uuid.uuid4()}")
    assert problem(foreign) == (404, "introuvable")
    assert foreign.data == missing.data
    assert charlie.sign_in().status_code == 201
