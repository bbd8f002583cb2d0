"""Real requests through a private nginx: who calls, what a service hears, how much, how slowly, and what stands around every answer."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from affilia.story.world import eventually
from gateway import shield
from gateway.sessions import COOKIE
from identifiers.invented import siren
from tests.gateway.issuer import Issuer
from tests.gateway.mirror import MEGABYTE, PAGE, Mirror
from tests.gateway.stand import PATIENCE_S, Heard, ask, bearer
from tests.nginx import Nginx

pytestmark = pytest.mark.usefixtures("afresh")

ASSURE = {"Host": "assure.hcr.localhost:8080"}
CONSEIL = {"Host": "conseil.hcr.localhost:8080"}
PARCELS = "/api/parcels/parcels"
WITHIN_S = 1.0
"""The promise: a session that has been ended is refused everywhere within a second."""
TRIES = 100
COMPANIES = 5_000


def get(nginx: Nginx, path: str, headers: dict[str, str] | None = None) -> Heard:
    return ask(nginx.port, "GET", path, ASSURE | (headers or {}))


def test_nginx_has_nothing_to_say_against_its_configuration(nginx: Nginx):
    assert nginx.examine() == ""


def test_a_service_hears_the_call_its_signed_identity_and_named_headers_alone(nginx: Nginx, issuer: Issuer):
    token = issuer.open("clerk")
    smuggled = {"X-Forwarded-For": "192.0.2.9", "X-User-Id": "root", "Affilia-Identity": "forged", "X-Anything": "?", "Proxy": "evil"}
    spoken = {"Affilia-Date": "2026-07-01", "Idempotency-Key": "k", "Accept-Language": "fr", "User-Agent": "nginx-tests"}
    answer = get(
        nginx, "/api/mirror/a%20b/%C3%A9t%C3%A9?after=x&y=%2F", bearer(token) | smuggled | spoken | {"Cookie": f"{COOKIE}={token}"}
    )
    heard = answer.json["headers"]
    assert (answer.json["path"], answer.json["query"]) == ("/a b/été", "after=x&y=%2F")
    assert token not in str(answer.json)
    assert set(heard) == {"Host", "Affilia-Identity", "Connection", "Accept-Encoding", *spoken} - {"Connection", "Accept-Encoding"}
    assert {name: heard[name] for name in spoken} == spoken
    assert heard["Affilia-Identity"].startswith("eyJ")


def test_identity_is_told_the_place_and_the_address_that_nginx_sees(nginx: Nginx, issuer: Issuer):
    ask(nginx.port, "GET", "/api/mirror/x", CONSEIL | bearer(issuer.open("clerk")) | {"X-Real-IP": "192.0.2.9"})
    assert [(asked["space"], asked["address"], asked["audience"]) for asked in issuer.asked] == [("conseil", "127.0.0.1", "mirror")]


def test_somebody_who_declares_for_thousands_of_companies_gets_through(nginx: Nginx, issuer: Issuer):
    """S1:130: an identity carries every grant of a third-party declarant."""
    companies = {siren(number): "user" for number in range(COMPANIES)}
    heard = get(nginx, "/api/mirror/x", bearer(issuer.open("employer", companies)))
    assert heard.status == 200, heard.body
    assert len(heard.json["headers"]["Affilia-Identity"]) > 32_000


def test_a_burst_asks_identity_twice_at_most(nginx: Nginx, issuer: Issuer):
    token = bearer(issuer.open("clerk"))
    since = time.monotonic()
    for _ in range(10):
        assert get(nginx, "/api/mirror/x", token).status == 200
    assert len(issuer.asked) <= 2 + int(2 * (time.monotonic() - since)), "one question a half-second"


def test_two_callers_never_share_an_identity(nginx: Nginx, issuer: Issuer):
    first, second = issuer.open("clerk"), issuer.open("clerk")
    places = [(host, path, token) for host in (ASSURE, CONSEIL) for path in ("/api/mirror/x", PARCELS) for token in (first, second)]
    for host, path, token in places:
        assert ask(nginx.port, "GET", path, host | bearer(token)).status == 200
    assert {(asked["token"], asked["audience"], asked["space"]) for asked in issuer.asked} == {
        (token, path.split("/")[2], host["Host"].split(".")[0]) for host, path, token in places
    }


def test_a_bearer_and_a_cookie_that_look_alike_side_by_side_stay_two_callers(nginx: Nginx, issuer: Issuer):
    token = issuer.open("clerk")
    assert get(nginx, "/api/mirror/x", {"Cookie": f"{COOKIE}={token}"}).status == 200
    assert get(nginx, "/api/mirror/x", bearer("other") | {"Cookie": f"{COOKIE}={token}"}).slug == "session-terminee"


def test_a_kept_identity_opens_nothing_to_another_site(nginx: Nginx, issuer: Issuer):
    """The answer to a question is kept with all that the question said: reading first does not let a forged post through."""
    cookie = {"Cookie": f"{COOKIE}={issuer.open('clerk')}"}
    home = {"Origin": "http://assure.hcr.localhost:8080"}
    for _ in range(3):
        assert get(nginx, "/api/mirror/x", cookie).status == 200
        assert ask(nginx.port, "POST", "/api/mirror/x", ASSURE | cookie | home, "{}").status == 200
        for foreign in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"} | home, {}):
            assert ask(nginx.port, "POST", "/api/mirror/x", ASSURE | cookie | foreign, "{}").slug == "demande-etrangere"


def test_an_ended_session_is_refused_within_a_second_a_hundred_times_of_a_hundred(nginx: Nginx, issuer: Issuer):
    with ThreadPoolExecutor(4) as pool:
        late = [overrun for overrun in pool.map(lambda _: _lives_on(nginx, issuer), range(TRIES)) if overrun > WITHIN_S]
    assert late == []


def _lives_on(nginx: Nginx, issuer: Issuer) -> float:
    """How long after its end a session was last believed, counted from when the call left: a slow machine proves nothing."""
    token = issuer.open("clerk")
    assert get(nginx, "/api/mirror/x", bearer(token)).status == 200
    issuer.close(token)
    ended_at = asked_at = time.monotonic()
    while get(nginx, "/api/mirror/x", bearer(token)).status == 200:
        last_believed, asked_at = asked_at, time.monotonic()
        if last_believed - ended_at > WITHIN_S:
            return last_believed - ended_at
        time.sleep(0.02)
    return 0.0


def test_the_shield_stands_around_every_kind_of_answer(nginx: Nginx, issuer: Issuer):
    clerk = bearer(issuer.open("clerk"))
    answers = {
        "a service": get(nginx, "/api/mirror/x", clerk),
        "a service's refusal": get(nginx, "/api/parcels/nowhere", clerk),
        "the edge's refusal": get(nginx, "/api/mirror/x", bearer("none")),
        "nginx's own": get(nginx, "/api/mirror/_/x"),
        "a page": get(nginx, "/"),
        "a file": get(nginx, "/static/house.css"),
        "a service that is away": get(nginx, "/api/absent/x"),
        "a request that cannot be read": ask(nginx.port, "GET", "/%00", ASSURE),
        "a header without end": get(nginx, "/", {"X-Long": "x" * 20_000}),
        "an address without end": get(nginx, "/" + "x" * 20_000),
    }
    for kind, answer in answers.items():
        assert [name for name in shield.PROTECTION if len(answer.headers.getlist(name)) != 1] == [], kind
        assert answer.headers["Server"] == "nginx", kind
        assert b"nginx" not in answer.body, kind
    assert answers["a page"].headers["Content-Security-Policy"] == shield.PAGE_POLICY
    assert {kind: answers[kind].slug for kind in list(answers)[-3:]} == {
        "a request that cannot be read": "requete-illisible",
        "a header without end": "requete-illisible",
        "an address without end": "adresse-trop-longue",
    }


def test_a_service_keeps_the_protections_that_it_brings(nginx: Nginx, issuer: Issuer):
    headers = get(nginx, "/api/mirror/own", bearer(issuer.open("clerk"))).headers
    assert (headers.getlist("Cache-Control"), headers.getlist("Referrer-Policy")) == (["private"], ["no-referrer"])
    assert headers["X-Frame-Options"] == "DENY"


def test_a_body_is_bounded_announced_or_in_chunks(nginx: Nginx, issuer: Issuer, mirror: Mirror):
    clerk, before = ASSURE | bearer(issuer.open("clerk")), mirror.calls
    whole = ask(nginx.port, "POST", "/api/mirror/x", clerk, iter([b"x" * 100_000] * 9))
    assert whole.json["size"] == 900_000
    for body in (b"x" * 1_000_001, iter([b"x" * 100_000] * 11)):
        refused = ask(nginx.port, "POST", "/api/mirror/x", clerk, body)
        assert (refused.status, refused.slug, refused.json["max_bytes"]) == (413, "trop-volumineux", 1_000_000)
    assert mirror.calls == before + 1


def test_a_slow_sender_takes_nobodys_time_but_its_own(nginx: Nginx, issuer: Issuer, mirror: Mirror):
    before = mirror.calls
    head = f"POST /api/mirror/x HTTP/1.1\r\nHost: {ASSURE['Host']}\r\nAuthorization: Bearer {issuer.open('clerk')}\r\n"
    with socket.create_connection(("127.0.0.1", nginx.port), timeout=60) as slow:
        slow.sendall(head.encode() + b"Content-Length: 3\r\n\r\na")
        eventually(lambda: issuer.asked, "nginx to have asked who it is", patience=60)
        slow.sendall(b"b")
        assert mirror.calls == before, "a service is called once the body is whole"
        slow.sendall(b"c")
        assert slow.recv(65_536).startswith(b"HTTP/1.1 200")
    assert mirror.calls == before + 1


def test_a_slow_reader_lets_a_service_go_and_an_answer_without_end_is_not_piled_up(nginx: Nginx, issuer: Issuer, mirror: Mirror):
    """Nothing reads: the largest file leaves its service all the same, an endless export stops where nginx keeps no more."""
    with _unread(nginx, issuer, 10):
        eventually(lambda: mirror.sent == 10, "the file to have left its service", patience=60)
    with _unread(nginx, issuer, 200) as export:
        eventually(lambda: _steady(lambda: mirror.sent), "the service to be held back", patience=60)
        assert 10 < mirror.sent < 100
        assert len(export.read()) == 200 * len(MEGABYTE)


@contextmanager
def _unread(nginx: Nginx, issuer: Issuer, megabytes: int) -> Iterator[HTTPResponse]:
    """An answer whose headers have come, and whose body is left on the line."""
    connection = HTTPConnection("127.0.0.1", nginx.port, timeout=PATIENCE_S)
    connection.request("GET", f"/api/mirror/megabytes?{megabytes}", headers=ASSURE | bearer(issuer.open("clerk")))
    with closing(connection), connection.getresponse() as answer:
        yield answer


def _steady(count: Callable[[], int]) -> bool:
    """Whether something has begun, and then stood still for a while."""
    before = count()
    time.sleep(0.5)
    return 10 < before == count()


def test_json_and_pages_travel_compressed(nginx: Nginx, issuer: Issuer):
    wants = {"Accept-Encoding": "gzip"}
    for path in ("/api/mirror/page", "/"):
        answer = get(nginx, path, wants | bearer(issuer.open("clerk")))
        assert (answer.headers["Content-Encoding"], answer.body[:2]) == ("gzip", b"\x1f\x8b")
    assert get(nginx, "/api/mirror/page", bearer(issuer.open("clerk"))).json["text"] == PAGE


UNREADABLE = [
    "GET {path}?x=é HTTP/1.1",
    "GET {path}?x=<script> HTTP/1.1",
    'GET {path}?x=" HTTP/1.1',
    "GET {path}?\x01 HTTP/1.1",
    "GET {path}/é HTTP/1.1",
    "GET {path}\x7f HTTP/1.1",
    "GET {path} HTTP/1.1\r\nAuthorization: Bearer a\x01b",
    "GET {path} HTTP/1.1\r\nCookie: a=\x7f",
    "POST {path} HTTP/1.1\r\nOrigin: \x02\r\nContent-Length: 0",
    "GET {path} HTTP/1.1\r\nIdempotency-Key: \x1f",
    "GET {path} HTTP/1.1\r\nContent-Length: x",
    "POST {path} HTTP/1.1\r\nTransfer-Encoding: gzip",
    "GET {path} HTTP/1.1\r\nHost: another.example",
    "GET {path} HTTP/9.9",
    "\x16\x03\x01\x02",
]


@pytest.mark.parametrize("path", ["/api/mirror/x", "/", "/_feed/key"])
@pytest.mark.parametrize("request_line", UNREADABLE)
def test_what_cannot_be_read_is_told_by_nginx_and_goes_no_further(nginx: Nginx, issuer: Issuer, path: str, request_line: str):
    """An HTTP server behind would refuse it without a word, and the edge's silence would pass for our fault."""
    heard = _raw(nginx.port, f"{request_line.format(path=path)}\r\nHost: {ASSURE['Host']}\r\nConnection: close\r\n\r\n".encode())
    assert heard.startswith(b"HTTP/1.1 400 "), heard
    assert b'"/problemes/requete-illisible"' in heard
    assert [name for name in shield.PROTECTION if name.encode() not in heard] == []
    assert issuer.asked == []


def test_a_body_with_two_lengths_smuggles_nothing(nginx: Nginx, issuer: Issuer):
    head = f"POST /api/mirror/x HTTP/1.1\r\nHost: {ASSURE['Host']}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
    heard = _raw(nginx.port, head.encode() + b"0\r\n\r\nGET /api/mirror/y HTTP/1.1\r\nHost: x\r\n\r\n")
    assert heard.startswith(b"HTTP/1.1 400 ")
    assert heard.count(b"HTTP/1.1 ") == 1
    assert issuer.asked == []


def _raw(port: int, said: bytes) -> bytes:
    """All that nginx answers to these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_S) as line:
        line.sendall(said)
        return b"".join(iter(lambda: line.recv(65_536), b""))


def test_the_edges_question_cannot_be_asked_from_outside(nginx: Nginx, issuer: Issuer):
    for path in ("/_edge/identity", "/_edge%2Fidentity", "/x/../_edge/identity", "/_refused/erreur-interne", "/_refused/"):
        assert get(nginx, path, bearer(issuer.open("clerk"))).slug == "introuvable"
    assert issuer.asked == []


def test_the_log_holds_neither_the_token_of_a_link_nor_a_query(nginx: Nginx):
    for path in (
        "/acces/JETON-SECRET",
        "/%61cces/JETON-SECRET",
        "//acces/JETON-SECRET",
        "/x/../acces/JETON-SECRET?mot=SECRET",
        "/?mot=SECRET",
    ):
        get(nginx, path, {"Referer": "http://x/acces/JETON-SECRET"})
    get(nginx, "/api/parcels/REFUSED?mot=SECRET", bearer("none"))
    told = eventually(lambda: nginx.told() if "REFUSED" in nginx.told() else "", "the log to be written", patience=60)
    assert "SECRET" not in told
    assert "/acces/•••" in told
    assert re.search(r'"path":"/api/parcels/REFUSED","status":401', told)
    assert "SECRET" not in (nginx.folder / "error.log").read_text()


def test_identities_are_kept_where_only_nginx_may_look(nginx: Nginx, issuer: Issuer):
    get(nginx, "/api/mirror/x", bearer(issuer.open("clerk")))
    assert (nginx.folder / "identities").stat().st_mode & 0o777 == 0o700
