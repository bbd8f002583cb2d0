"""A request crosses the gateway: the right service, the right identity, and nothing that the client made up."""

import time

import pytest
from werkzeug.test import Client, TestResponse

from chassis.actor import Actor
from chassis.auth import Signer
from chassis.config import Keys
from chassis.testing import Bench
from gateway import embedded, routing
from gateway.config import Settings
from gateway.embedded import Platform
from gateway.sessions import COOKIE, KEPT_S
from tests.gateway.conftest import TABLE
from tests.gateway.issuer import Issuer
from tests.gateway.stand import bearer

ASSURE = {"Host": "assure.hcr.localhost:8080"}
BOOK = {"recipient": "zoe", "content": "livre", "weight": 2}


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code, answer.json["type"].removeprefix("/problemes/")


def test_a_clerk_posts_a_parcel_through_the_gateway(visit: Client, issuer: Issuer, bench: Bench):
    posted = visit.post("/api/parcels/parcels", json=BOOK, headers=ASSURE | bearer(issuer.open("clerk")))
    assert (posted.status_code, posted.json["recipient"]) == (201, "zoe")
    assert bench.audited() == ["parcel.posted"]


def test_identity_is_told_the_brand_the_space_and_the_address(visit: Client, issuer: Issuer):
    visit.get("/api/parcels/parcels", headers={"Host": "entreprise.klesia-pro.localhost:8080"}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert issuer.asked == [
        {"token": None, "audience": "parcels", "brand": "klesia-pro", "space": "entreprise", "address": "192.0.2.7"},
    ]


def test_a_visitor_without_a_session_is_anonymous_and_the_door_decides(visit: Client):
    assert problem(visit.get("/api/parcels/parcels", headers=ASSURE)) == (401, "connexion-requise")


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "LOCALHOST:1", "127.0.0.1:8080", "[::1]:8080", "[::1]"])
def test_the_platforms_own_hosts_speak_for_the_default_brand(visit: Client, issuer: Issuer, host: str):
    visit.get("/api/parcels/parcels", headers={"Host": host})
    assert (issuer.asked[0]["brand"], issuer.asked[0]["space"]) == ("hcr", "assure")


@pytest.mark.parametrize(
    "host", ["", "evil.example", "hcr.localhost", "assure.hcr.localhost.evil.example", "a:b:c", "localhost:8080:1", "::1", "\x00"]
)
def test_an_unknown_host_leads_nowhere(visit: Client, issuer: Issuer, host: str):
    assert problem(visit.get("/api/parcels/parcels", headers={"Host": host})) == (421, "adresse-inconnue")
    assert problem(visit.get("/", headers={"Host": host})) == (421, "adresse-inconnue")
    assert issuer.asked == []


def test_a_probe_needs_no_host(visit: Client):
    assert visit.get("/healthz", headers={"Host": "10.0.0.7:8080"}).json == {"status": "live"}


@pytest.mark.parametrize(
    "path",
    ["/_/ready", "//_/ready", "/./_/ready", "/x/../_/ready", "/%5f/ready", "/_", "/_/openapi.json", "/parcels/_/ready", "/_/identities"],
)
def test_the_plumbing_cannot_be_reached(visit: Client, issuer: Issuer, path: str):
    answer = visit.get(f"/api/parcels{path}", headers=ASSURE | bearer(issuer.open("clerk")))
    assert problem(answer) == (404, "introuvable")
    assert issuer.asked == []


@pytest.mark.parametrize(
    "header",
    ["Affilia-Identity", "affilia_identity", "Affilia-Edge", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "X-Real-IP", "X-User-Id"],
)
def test_what_only_we_may_say_is_dropped(visit: Client, issuer: Issuer, keys: Keys, header: str):
    forged = Signer(keys.signing).sign(Actor(kind="clerk"), "parcels")
    answer = visit.get("/api/parcels/parcels", headers=ASSURE | {header: forged}, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    assert problem(answer) == (401, "connexion-requise")
    assert issuer.asked[0]["address"] == "127.0.0.1"


def test_a_service_never_sees_the_session_token(bench: Bench, settings: Settings, issuer: Issuer):
    seen: dict[str, str] = {}

    def telltale(environ, start_response):
        seen.update({name: value for name, value in environ.items() if isinstance(value, str)})
        start_response("204 No Content", [])
        return []

    house = Platform({"parcels": bench.running}, settings, table=TABLE, others={"identity": issuer, "parcels": telltale})
    token = issuer.open("clerk")
    headers = ASSURE | bearer(token) | {"Cookie": f"{COOKIE}={token}", "Affilia-Date": "2026-07-01"}
    Client(house.wsgi, use_cookies=False).get("/api/parcels/parcels?after=x", headers=headers)
    assert token not in "".join(seen.values())
    assert (seen["SCRIPT_NAME"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("/api/parcels", "/parcels", "after=x")
    assert seen["HTTP_AFFILIA_DATE"] == "2026-07-01"


@pytest.mark.parametrize("token", ["never-issued", "x" * 201, "é", "a b", ""])
def test_a_token_that_is_no_session_is_refused(visit: Client, token: str):
    assert problem(visit.get("/api/parcels/parcels", headers=ASSURE | {"Authorization": f"Bearer {token}"})) == (401, "session-terminee")


def test_basic_credentials_are_no_session(visit: Client):
    assert problem(visit.get("/api/parcels/parcels", headers=ASSURE | {"Authorization": "Basic Zm9vOmJhcg=="})) == (401, "session-terminee")


def test_an_ended_session_takes_its_cookie_away_so_that_one_can_sign_in_again(visit: Client):
    ended = visit.get("/api/parcels/parcels", headers=ASSURE | {"Cookie": f"{COOKIE}=ended"})
    assert problem(ended) == (401, "session-terminee")
    assert ended.headers["Set-Cookie"].startswith(f"{COOKIE}=; Path=/; Max-Age=0")


def test_the_cookie_is_found_among_odd_neighbours(visit: Client, issuer: Issuer):
    cookie = f'bad[]="; ;=; {COOKIE}={issuer.open("clerk")}; a=b'
    assert visit.get("/api/parcels/parcels", headers=ASSURE | {"Cookie": cookie}).status_code == 200


def test_identity_is_asked_once_for_a_burst_and_again_half_a_second_later(visit: Client, issuer: Issuer):
    token = issuer.open("clerk")
    for _ in range(5):
        assert visit.get("/api/parcels/parcels", headers=ASSURE | bearer(token)).status_code == 200
    assert len(issuer.asked) == 1
    issuer.close(token)
    time.sleep(KEPT_S)
    assert visit.get("/api/parcels/parcels", headers=ASSURE | bearer(token)).status_code == 401


def test_one_callers_identity_is_never_lent_to_another(visit: Client, issuer: Issuer):
    token = issuer.open("clerk")
    for headers, address in ((ASSURE, "192.0.2.1"), (ASSURE, "192.0.2.2"), ({"Host": "conseil.hcr.localhost"}, "192.0.2.1")):
        visit.get("/api/parcels/parcels", headers=headers | bearer(token), environ_base={"REMOTE_ADDR": address})
    assert len(issuer.asked) == 3


def test_when_identity_is_down_one_is_asked_to_come_back(visit: Client, issuer: Issuer):
    issuer.down = True
    answer = visit.get("/api/parcels/parcels", headers=ASSURE)
    assert problem(answer) == (503, "service-indisponible")
    assert answer.headers["Retry-After"]


FORGERIES = [
    ({"Sec-Fetch-Site": "same-origin"}, 201),
    ({"Sec-Fetch-Site": "none"}, 201),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://assure.hcr.localhost:8080"}, 403),
    ({"Origin": "http://assure.hcr.localhost:8080"}, 201),
    ({"Origin": "http://entreprise.hcr.localhost:8080"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://[bad"}, 403),
    ({}, 403),
]


@pytest.mark.parametrize(("headers", "status"), FORGERIES)
def test_another_site_cannot_post_with_this_browsers_cookie(visit: Client, issuer: Issuer, headers: dict[str, str], status: int):
    cookie = {"Cookie": f"{COOKIE}={issuer.open('clerk')}"}
    assert visit.post("/api/parcels/parcels", json=BOOK, headers=ASSURE | cookie | headers).status_code == status


def test_reading_with_a_cookie_and_posting_with_a_bearer_need_no_origin(visit: Client, issuer: Issuer):
    token = issuer.open("clerk")
    assert (
        visit.get("/api/parcels/parcels", headers=ASSURE | {"Cookie": f"{COOKIE}={token}", "Sec-Fetch-Site": "cross-site"}).status_code
        == 200
    )
    assert (
        visit.post("/api/parcels/parcels", json=BOOK, headers=ASSURE | bearer(token) | {"Sec-Fetch-Site": "cross-site"}).status_code == 201
    )


def test_another_site_cannot_sign_somebody_in(visit: Client):
    answer = visit.post("/api/parcels/parcels", json=BOOK, headers=ASSURE | {"Sec-Fetch-Site": "cross-site"})
    assert problem(answer) == (403, "demande-etrangere")


def test_a_body_larger_than_its_route_allows_is_refused_before_it_is_read(visit: Client, issuer: Issuer):
    answer = visit.post("/api/parcels/parcels", data=b"x" * 20_001, headers=ASSURE | bearer(issuer.open("clerk")))
    assert problem(answer) == (413, "trop-volumineux")
    assert answer.json["max_bytes"] == 20_000
    assert issuer.asked == []


@pytest.mark.parametrize("size", ["abc", "-1", "1.5", "²"])
def test_a_body_whose_size_is_not_a_number_is_unreadable(visit: Client, size: str):
    answer = visit.post("/api/parcels/parcels", headers=ASSURE, environ_overrides={"CONTENT_LENGTH": size})
    assert problem(answer) == (400, "requete-illisible")


def test_endless_addresses_are_refused(visit: Client):
    assert problem(visit.get("/api/parcels/" + "x" * 2_000, headers=ASSURE)) == (414, "adresse-trop-longue")
    assert problem(visit.get("/api/parcels/parcels?" + "x" * 8_001, headers=ASSURE)) == (414, "adresse-trop-longue")


@pytest.mark.parametrize("path", ["/api/nowhere/x", "/api/", "/api/parcels/nowhere", "/api/parcels/01890a5d-ac96-774b-bcce-b302099a8057"])
def test_programs_get_problems(visit: Client, issuer: Issuer, path: str):
    assert problem(visit.get(path, headers=ASSURE | bearer(issuer.open("clerk")))) == (404, "introuvable")


def test_a_method_that_is_not_offered_says_which_are(visit: Client, issuer: Issuer):
    answer = visit.delete("/api/parcels/parcels", headers=ASSURE | bearer(issuer.open("clerk")))
    assert problem(answer) == (405, "methode-refusee")
    assert "GET" in answer.headers["Allow"]


def test_the_table_names_each_service_once_and_where_it_is_described():
    assert list(embedded.SERVICES) == list(routing.TABLE)
    assert [route.prefix for route in routing.TABLE.values()] == [f"/api/{name}" for name in routing.TABLE]


def test_a_body_nested_without_end_is_unreadable(visit: Client, issuer: Issuer, platform: Platform):
    headers = ASSURE | bearer(issuer.open("clerk")) | {"Content-Type": "application/json"}
    assert problem(visit.post("/api/parcels/parcels", data=b"[" * 20_000, headers=headers)) == (400, "requete-illisible")
