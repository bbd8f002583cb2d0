"""One list of refusals, asked of the embedded platform and of nginx with the edge behind it: the same status, headers and bytes."""

from collections.abc import Callable
from typing import Any

import pytest

from chassis.actor import Actor
from chassis.auth import Signer
from chassis.config import Keys
from gateway.config import Settings
from gateway.feed import MOST_BYTES
from gateway.sessions import COOKIE
from tests.gateway.issuer import Issuer
from tests.gateway.stand import Heard, bearer
from tests.gateway.test_feed import BATCH

ASSURE = {"Host": "assure.hcr.localhost:8080"}
PARCELS = "/api/parcels/parcels"
WITH_COOKIE = {"Cookie": f"{COOKIE}=ended"}
Both = Callable[..., Heard]

CASES: list[tuple[str, str, str, dict[str, str], Any, int, str]] = [
    ("an unknown host", "GET", PARCELS, {"Host": "evil.example"}, None, 421, "adresse-inconnue"),
    ("no session", "GET", PARCELS, {}, None, 401, "connexion-requise"),
    ("a bearer that is none", "GET", PARCELS, {"Authorization": "Bearer never-issued"}, None, 401, "session-terminee"),
    ("an endless bearer", "GET", PARCELS, {"Authorization": "Bearer " + "x" * 201}, None, 401, "session-terminee"),
    ("other credentials", "GET", PARCELS, {"Authorization": "Basic Zm9vOmJhcg=="}, None, 401, "session-terminee"),
    ("a cookie that is over", "GET", PARCELS, WITH_COOKIE, None, 401, "session-terminee"),
    ("a forged post", "POST", PARCELS, WITH_COOKIE | {"Sec-Fetch-Site": "cross-site"}, "{}", 403, "demande-etrangere"),
    ("a post from another origin", "POST", PARCELS, WITH_COOKIE | {"Origin": "http://evil.example"}, "{}", 403, "demande-etrangere"),
    ("a post from nowhere", "POST", PARCELS, WITH_COOKIE, "{}", 403, "demande-etrangere"),
    ("an announced body too large", "POST", PARCELS, {}, b"x" * 20_001, 413, "trop-volumineux"),
    ("a path too long", "GET", "/api/parcels/" + "x" * 2_000, {}, None, 414, "adresse-trop-longue"),
    ("a query too long", "GET", PARCELS + "?" + "x" * 8_001, {}, None, 414, "adresse-trop-longue"),
    ("a page's query too long", "GET", "/?" + "x" * 8_001, {}, None, 414, "adresse-trop-longue"),
    ("nothing there", "GET", "/api/nowhere/x", {}, None, 404, "introuvable"),
    ("the bare prefix", "GET", "/api/parcels", {}, None, 404, "introuvable"),
    ("the prefix", "GET", "/api/parcels/", {}, None, 404, "introuvable"),
    ("a method that nobody knows", "BREW", PARCELS, {}, None, 405, "methode-refusee"),
    ("a method that tells too much", "TRACE", PARCELS, {}, None, 405, "methode-refusee"),
    ("a page asked by a strange method", "TRACE", "/", {}, None, 405, "methode-refusee"),
    ("a service that does not run", "GET", "/api/absent/x", {}, None, 503, "service-indisponible"),
    ("a stranger at the producers' door", "POST", "/_feed/events", {"Content-Type": BATCH}, "[]", 401, "jeton-refuse"),
    ("the edge's own question", "GET", "/_edge/elsewhere", {}, None, 404, "introuvable"),
]

PLUMBING = [
    "/_/ready",
    "/_/ready?x=/",
    "//_/ready",
    "/./_/ready",
    "/x/../_/ready",
    "/%5f/ready",
    "/%5F%2fready",
    "/x%2f..%2f_%2fready",
    "/%2e/_/ready",
    "/.%2e/parcels/_/ready",
    "/_",
    "/_/",
    "/_/openapi.json",
    "/parcels/_/ready",
    "/_/identities",
    "//parcels",
    "/parcels//",
    "/./parcels",
    "/x/../parcels",
    "/x/%2e%2E/parcels",
    "/parcels/..",
]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status", "slug"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_both_say_the_same(both: Both, method: str, path: str, headers: dict[str, str], body: Any, status: int, slug: str):
    answer = both(method, path, ASSURE | headers, body)
    assert answer.status == status
    assert answer.slug == slug


def test_both_bound_what_a_producer_sends(both: Both, settings: Settings):
    answer = both("POST", "/_feed/events", ASSURE | bearer(settings.feed_token) | {"Content-Type": BATCH}, b" " * (MOST_BYTES + 1))
    assert (answer.slug, answer.json["max_bytes"]) == ("trop-volumineux", MOST_BYTES)


@pytest.mark.parametrize("spelling", PLUMBING)
def test_both_hide_the_plumbing_however_it_is_spelt(both: Both, issuer: Issuer, spelling: str):
    answer = both("GET", f"/api/parcels{spelling}", ASSURE | bearer(issuer.open("clerk")))
    assert (answer.status, answer.slug) == (404, "introuvable")
    assert issuer.asked == []


@pytest.mark.parametrize(
    "header", ["Affilia-Identity", "Affilia_Identity", "Affilia-Edge", "Affilia-Edge-Address", "X-Forwarded-For", "Forwarded"]
)
def test_both_drop_what_only_we_may_say(both: Both, issuer: Issuer, keys: Keys, header: str):
    assert keys.signing is not None
    forged = Signer(keys.signing).sign(Actor(kind="clerk"), "parcels")
    assert both("GET", PARCELS, ASSURE | bearer(issuer.open("anonymous")) | {header: forged}).slug == "connexion-requise"
    assert {asked["address"] for asked in issuer.asked} == {"127.0.0.1"}


def test_both_ask_one_back_when_identity_is_down(both: Both, issuer: Issuer):
    issuer.down = True
    answer = both("GET", PARCELS, ASSURE | bearer("whoever"))
    assert (answer.slug, answer.headers["Retry-After"]) == ("service-indisponible", "2")


def test_both_lead_elsewhere_without_naming_their_host(both: Both):
    answer = both("GET", "/problemes?d=1", ASSURE)
    assert (answer.status, answer.headers["Location"]) == (308, "/problemes/?d=1")


@pytest.mark.parametrize("path", ["/", "/static/house.css", "/api/docs", "/problemes/", "/acces/un-jeton", "/nulle-part", "/healthz"])
def test_both_serve_the_same_pages(both: Both, path: str):
    assert both("GET", path, ASSURE).status == (404 if path == "/nulle-part" else 200)


def test_both_let_a_clerk_work(both: Both, issuer: Issuer):
    headers = ASSURE | bearer(issuer.open("clerk"))
    assert both("GET", PARCELS, headers).status == 200
    refused = both("POST", PARCELS, headers | {"Content-Type": "application/json"}, "{")
    assert (refused.status, refused.slug) == (400, "requete-illisible")
    assert both("DELETE", PARCELS, headers).headers["Allow"] == "GET, HEAD, OPTIONS, POST"
