"""The way back from a provider: used once, in ten minutes, by the browser that left (ASVS 10.1.2, 10.2.1, 10.2.2)."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.testing import Bench
from tests.identity.clock import let_time_pass
from tests.identity.oidc.provider import Provider, Traveller
from tests.identity.people import GOOD, Visitor, problem

REFUSED = (409, "preuve-du-fournisseur-refusee")
DOWN = (503, "fournisseur-injoignable")
RETURN = (409, "retour-refuse")


def sessions(bench: Bench) -> int:
    return bench.audited().count("session.opened")


def test_an_attempt_is_used_once(dominique: Traveller):
    brought = dominique.leave()
    assert dominique.arrive(brought).status_code == 200
    assert problem(dominique.arrive(brought)) == RETURN


def test_a_code_that_another_attempt_brought_is_refused(visitor: Traveller):
    """The proof key (PKCE) is the ticket of the browser that left: a stolen code is worth nothing in another attempt (ASVS 10.1.2)."""
    stolen = visitor.leave()["code"]
    brought = visitor.leave()
    assert problem(visitor.arrive(brought | {"code": stolen})) == REFUSED


def test_a_code_is_not_redeemed_twice(visitor: Traveller):
    first = visitor.leave()
    assert visitor.arrive(first).status_code == 200
    second = visitor.leave()
    assert problem(visitor.arrive(second | {"code": first["code"]})) == REFUSED


def test_the_way_back_of_somebody_else_opens_nothing_in_this_browser(bench: Bench, dominique: Traveller, provider: Provider):
    """Login CSRF: a link that brings the attacker's own code finds a browser without the attacker's ticket (ASVS 10.2.1)."""
    attacker = Traveller(bench, provider=provider)
    brought = attacker.leave()
    dominique.ticket = "aucun"
    assert problem(dominique.arrive(brought)) == RETURN, "a browser that never left"
    dominique.leave()
    assert problem(dominique.arrive(brought)) == RETURN, "a browser that left for itself"
    assert sessions(bench) == 0


def test_a_state_that_was_made_up_is_refused(visitor: Traveller):
    brought = visitor.leave()
    assert problem(visitor.arrive(brought | {"state": "invente"})) == RETURN
    assert visitor.arrive(brought).status_code == 200


def test_ten_minutes_and_it_is_over(bench: Bench, dominique: Traveller):
    brought = dominique.leave()
    let_time_pass(bench, "11 minutes")
    assert problem(dominique.arrive(brought)) == RETURN
    dominique.travel()
    let_time_pass(bench, "11 minutes")
    assert problem(dominique.tie()) == RETURN


def test_a_ticket_ties_nothing_before_the_provider_spoke_nor_twice(dominique: Traveller):
    dominique.leave()
    assert problem(dominique.tie()) == RETURN
    dominique.travel()
    assert dominique.tie().status_code == 202
    assert problem(dominique.tie()) == RETURN


def test_two_returns_at_once_are_one(bench: Bench, dominique: Traveller):
    brought = dominique.leave()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: dominique.arrive(brought).status_code, range(4)))
    assert sorted(answers) == [200, 409, 409, 409]


def test_another_brand_does_not_take_the_way_back(visitor: Traveller):
    brought = visitor.leave()
    visitor.brand = "klesia-pro"
    assert problem(visitor.arrive(brought)) == RETURN


def test_a_code_said_to_come_from_another_provider_is_sent_to_nobody(visitor: Traveller, provider: Provider):
    """Mix-up (ASVS 10.2.2, RFC 9207)."""
    brought = visitor.leave()
    assert problem(visitor.arrive(brought | {"iss": "https://ailleurs.exemple"})) == REFUSED
    assert "/token" not in provider.asked
    assert visitor.arrive(visitor.leave() | {"iss": provider.issuer}).status_code == 200


def test_a_provider_that_says_it_names_itself_must(bench: Bench, visitor: Traveller, provider: Provider):
    provider.metadata = {"authorization_response_iss_parameter_supported": True}
    assert problem(visitor.travel()) == REFUSED
    assert visitor.arrive(visitor.leave() | {"iss": provider.issuer}).status_code == 200


def test_made_up_returns_are_counted(visitor: Traveller):
    for _ in range(20):
        assert problem(visitor.post("/oidc/callbacks", state="x", code="x", ticket="x")) == RETURN
    assert problem(visitor.post("/oidc/callbacks", state="x", code="x", ticket="x")) == (429, "trop-de-demandes")
    assert problem(visitor.post("/oidc/links", ticket="x", password="x")) == (429, "trop-de-demandes")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/oidc/callbacks", {}),
        ("/oidc/callbacks", {"state": "x", "code": "x"}),
        ("/oidc/callbacks", {"state": "x", "code": "x" * 4_001, "ticket": "x"}),
        ("/oidc/callbacks", {"state": "\ud800", "code": "x", "ticket": "x"}),
        ("/oidc/callbacks", {"state": ["x"], "code": "x", "ticket": "x"}),
        ("/oidc/callbacks", {"state": "x", "code": "x", "ticket": "x", "extra": 1}),
        ("/oidc/links", {"ticket": "x", "password": ""}),
        ("/oidc/links", {"ticket": "x", "password": "x" * 1_001}),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place_of_each_fault(bench: Bench, path: str, body: dict[str, Any]):
    refused = Visitor(bench).door.post(path, json=body)
    assert problem(refused) == (422, "donnees-invalides")
    assert all(error["field"] and error["message"] for error in refused.json["errors"])


@pytest.mark.parametrize("odd", ["a\0b", "é", "a&code=b", "a\r\nb", "%00", "🔒" * 100])
def test_any_code_may_be_brought(visitor: Traveller, odd: str):
    brought = visitor.leave()
    assert problem(visitor.arrive(brought | {"code": odd})) in (REFUSED, DOWN)
    assert problem(visitor.post("/oidc/callbacks", state=odd, code=odd, ticket=odd)) == RETURN
    assert problem(visitor.post("/oidc/links", ticket=odd, password=GOOD)) == RETURN
