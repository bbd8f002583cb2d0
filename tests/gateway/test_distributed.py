"""The edge in a process of its own: whom it believes, and what it answers without nginx."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from werkzeug.test import Client

from affilia.installation import BRANDS
from affilia.keys import SERVICES
from affilia.story.world import eventually
from chassis.auth import EDGE_HEADER
from chassis.config import BadConfiguration, from_environment
from gateway import distributed, vouched
from gateway.config import EdgeSettings, Settings
from gateway.upstream import Down, OverHttp
from tests.chassis.parcels.app import SERVICE
from tests.gateway.issuer import Issuer
from tests.gateway.stand import ask
from tests.nginx import SECRET
from tests.rabbitmq import free_port

ASSURE = {"Host": "assure.hcr.localhost"}
TOLD = {vouched.ADDRESS: "192.0.2.7", vouched.METHOD: "GET", vouched.SERVICE: "parcels"}


@pytest.fixture
def visit(edge_settings: EdgeSettings, issuer: Issuer) -> Iterator[Client]:
    yield Client(distributed.create(edge_settings, {"parcels": SERVICE}), use_cookies=False)
    issuer.forget()


def question(visit: Client, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visit.get(vouched.QUESTION, headers=ASSURE | TOLD | {vouched.PROOF: SECRET} | named)


def test_nginx_is_told_who_calls_and_from_where(visit: Client, issuer: Issuer):
    answer = question(visit, Authorization=f"Bearer {issuer.open('clerk')}")
    assert (answer.status_code, answer.headers["Affilia-Identity"][:3]) == (204, "eyJ")
    assert [(asked["address"], asked["audience"], asked["space"]) for asked in issuer.asked] == [("192.0.2.7", "parcels", "assure")]


def test_nginx_is_told_each_refusal_by_its_name(visit: Client, issuer: Issuer):
    cookie = {"Cookie": "__Host-affilia=ended"}
    refusals = {
        "session-terminee": question(visit, Authorization="Bearer none"),
        "demande-etrangere": question(visit, **cookie | {vouched.METHOD: "POST"}),
        "adresse-inconnue": question(visit, Host="evil.example"),
        "methode-refusee": question(visit, **{vouched.METHOD: "BREW"}),
    }
    issuer.down = True
    refusals["service-indisponible"] = question(visit)
    assert {slug: (answer.status_code, answer.headers[vouched.REFUSAL]) for slug, answer in refusals.items()} == {
        slug: (403, slug) for slug in refusals
    }


@pytest.mark.parametrize("proof", ["", "wrong", "é", SECRET + "x"])
def test_without_the_proof_nothing_that_nginx_would_say_is_believed(visit: Client, issuer: Issuer, proof: str):
    assert question(visit, **{vouched.PROOF: proof}).status_code == 404
    assert issuer.asked == []


def test_an_edge_that_shares_no_secret_believes_nobody(edge_settings: EdgeSettings, issuer: Issuer):
    alone = Client(distributed.create(msgspec.structs.replace(edge_settings, front_secret=""), {}))
    assert question(alone, **{vouched.PROOF: ""}).status_code == 404


def test_nothing_is_kept_here_since_nginx_keeps_it(visit: Client, issuer: Issuer):
    token = issuer.open("clerk")
    assert question(visit, Authorization=f"Bearer {token}").status_code == 204
    issuer.close(token)
    assert question(visit, Authorization=f"Bearer {token}").status_code == 403


def test_pages_and_probes_need_no_nginx(visit: Client):
    assert visit.get("/", headers={"Host": "localhost"}).status_code == 200
    assert visit.get("/healthz", headers={"Host": "10.0.0.7:8000"}).json == {"status": "live"}
    assert visit.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert visit.get("/readyz").json["services"]["parcels"]["status"] in ("ready", "degraded")


def test_a_service_is_asked_over_http_and_down_when_it_does_not_answer(upstreams: Mapping[str, str], settings: Settings):
    upstream = OverHttp(upstreams)
    assert upstream.ask("parcels", "GET", "/_/live").json() == {"status": "live"}
    refused = upstream.ask("identity", "POST", "/_/identities", headers={EDGE_HEADER: "wrong"}, json={})
    assert refused.status == 403
    for service in ("absent", "nobody"):
        with pytest.raises(Down, match=service):
            upstream.ask(service, "GET", "/_/live")


def test_what_the_edge_is_told_wrongly_stops_it_with_a_sentence(edge_settings: EdgeSettings):
    with pytest.raises(BadConfiguration, match="front_secret"):
        msgspec.structs.replace(edge_settings, mode="production", show_caught=False, front_secret="")
    with pytest.raises(BadConfiguration, match="l'adresse de members"):
        msgspec.structs.replace(edge_settings, upstreams={"members": "members:8000"})
    with pytest.raises(BadConfiguration, match="« upstreams » : du JSON est attendu"):
        from_environment(EdgeSettings, "gateway", {"AFFILIA_GATEWAY_UPSTREAMS": "members"})


@pytest.mark.slow
def test_the_edge_is_a_role_that_says_who_is_missing_and_ends_on_sigterm(tmp_path: Path):
    port = free_port()
    own = {"EDGE_SECRET": "a", "FEED_TOKEN": "b", "FEED_KEY": '{"id": "k", "public_key": "…"}', "UPSTREAMS": "{}", "RUNG": "distributed"}
    environ = {f"AFFILIA_GATEWAY_{name}": value for name, value in own.items()}
    environ |= {
        "AFFILIA_MODE": "test",
        "AFFILIA_BRANDS": str(BRANDS),
        "AFFILIA_BROKER_URL": "amqp://127.0.0.1:9",
        "PATH": os.environ["PATH"],
    }
    command = [sys.executable, "-m", "affilia.cli", "run", "edge", "--port", str(port)]
    child = subprocess.Popen(command, env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answer = eventually(lambda: _perhaps(port), "the edge to answer", patience=60)
    finally:
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=60) in (0, -signal.SIGTERM)
    assert (answer.status, answer.json["rung"]) == (503, "distributed")
    assert answer.json["services"] == {name: {"status": "down"} for name in SERVICES}


def _perhaps(port: int) -> Any:
    try:
        return ask(port, "GET", "/readyz")
    except OSError:
        return None
