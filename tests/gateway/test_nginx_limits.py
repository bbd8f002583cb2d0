"""What nginx does when something is wrong: parts that are away or stuck, clients that never end, an address that tries too often."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from affilia.story.world import eventually
from gateway import distributed, shield
from gateway.config import EdgeSettings
from gateway.nginx import Limits
from tests.gateway.conftest import WIDER
from tests.gateway.issuer import Issuer
from tests.gateway.mirror import Mirror
from tests.gateway.stand import PATIENCE_S, Heard, address, ask, bearer, served
from tests.nginx import Nginx, private_nginx
from tests.rabbitmq import free_port

pytestmark = pytest.mark.usefixtures("afresh")

ASSURE = {"Host": "assure.hcr.localhost:8080"}
MANY = 200
SHORT = Limits(tries_per_s=1, tries_burst=3, feed_per_s=1, feed_burst=3, header_s=1, body_s=1, answer_s=1)


@pytest.fixture(scope="module")
def edge_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def impatient(edge_port: int, upstreams: dict[str, str]) -> Iterator[Nginx]:
    """An nginx that waits a second for anything, and whose edge is wherever a test puts it."""
    with private_nginx(address(edge_port), upstreams, table=WIDER, limits=SHORT) as server:
        yield server


@pytest.fixture
def edge(edge_port: int, edge_settings: EdgeSettings, impatient: Nginx) -> Iterator[None]:
    """The edge, for as long as a test lasts."""
    with served(distributed.create(edge_settings, {}), edge_port):
        eventually(lambda: get(impatient, "/").status == 200, "nginx to find the edge again", patience=PATIENCE_S)
        yield


def get(nginx: Nginx, path: str, headers: dict[str, str] | None = None) -> Heard:
    return ask(nginx.port, "GET", path, ASSURE | (headers or {}))


def test_without_its_edge_nginx_says_a_problem_and_finds_it_again(
    impatient: Nginx, edge_port: int, edge_settings: EdgeSettings, issuer: Issuer
):
    paths = ("/api/mirror/x", "/", "/_feed/key")
    clerk = bearer(issuer.open("clerk"))
    assert [get(impatient, path, clerk).slug for path in paths] == ["service-indisponible"] * 3
    with served(distributed.create(edge_settings, {}), edge_port):
        eventually(lambda: [get(impatient, path, clerk).status for path in paths] == [200] * 3, "the edge to be found", patience=PATIENCE_S)
    time.sleep(0.5)
    away = [get(impatient, path, clerk) for path in paths]
    assert [(answer.status, answer.headers["Retry-After"]) for answer in away] == [(503, "2")] * 3, "nothing stale is served"


@pytest.mark.usefixtures("edge")
def test_a_service_that_is_stuck_or_away_is_a_problem_with_a_moment_to_come_back(impatient: Nginx, issuer: Issuer, mirror: Mirror):
    try:
        for path in ("/api/mirror/stuck", "/api/absent/x"):
            answer = get(impatient, path, bearer(issuer.open("clerk")))
            assert (answer.status, answer.slug, answer.headers["Retry-After"]) == (503, "service-indisponible", "2")
            assert [name for name in shield.PROTECTION if name not in answer.headers] == []
    finally:
        mirror.let_go.set()


@pytest.mark.usefixtures("edge")
def test_a_client_that_never_ends_its_request_is_let_go(impatient: Nginx, issuer: Issuer, mirror: Mirror):
    before = mirror.calls
    head = f"POST /api/mirror/x HTTP/1.1\r\nHost: {ASSURE['Host']}\r\nAuthorization: Bearer {issuer.open('clerk')}\r\n"
    for started in ("GET / HTTP/1.1\r\nHo", head + "Content-Length: 9\r\n\r\nabc"):
        with socket.create_connection(("127.0.0.1", impatient.port), timeout=PATIENCE_S) as slow:
            slow.sendall(started.encode())
            with suppress(ConnectionResetError):
                assert slow.recv(1) == b"", "nginx says nothing more"
    assert mirror.calls == before


def refused_in_the_end(nginx: Nginx, method: str, path: str) -> Heard:
    """The same call again and again, until it is once too often."""
    answers = (ask(nginx.port, method, path, ASSURE | {"Sec-Fetch-Site": "none"}) for _ in range(MANY))
    return next(answer for answer in answers if answer.status == 429)


@pytest.mark.usefixtures("edge")
def test_one_address_may_not_try_codes_without_end_and_may_read(impatient: Nginx):
    too_often = refused_in_the_end(impatient, "POST", "/api/absent/sessions")
    assert (too_often.slug, too_often.headers["Retry-After"]) == ("trop-de-demandes", "2")
    assert {get(impatient, "/api/absent/sessions").status for _ in range(8)} == {503}


@pytest.mark.usefixtures("edge")
def test_a_producer_may_not_knock_without_end(impatient: Nginx):
    assert refused_in_the_end(impatient, "GET", "/_feed/key").slug == "trop-de-demandes"


def test_behind_a_proxy_that_is_named_its_word_about_the_address_is_believed(
    edge_settings: EdgeSettings, upstreams: dict[str, str], issuer: Issuer
):
    with (
        served(distributed.create(edge_settings, {})) as edge,
        private_nginx(address(edge), upstreams, table=WIDER, behind=("127.0.0.1",)) as server,
    ):
        forwarded = {"X-Forwarded-For": "192.0.2.66, 192.0.2.7"}
        assert get(server, "/api/mirror/x", bearer(issuer.open("clerk")) | forwarded).status == 200
    assert [asked["address"] for asked in issuer.asked] == ["192.0.2.7"], "what stands further is the client's own saying"


def test_over_tls_plain_http_is_sent_to_it(edge_settings: EdgeSettings, upstreams: dict[str, str], tmp_path: Path):
    certificate, key = _self_signed(tmp_path)
    options = {"certificate": str(certificate), "certificate_key": str(key)}
    with served(distributed.create(edge_settings, {})) as edge, private_nginx(address(edge), upstreams, table=WIDER, **options) as server:
        plain = ask(server.port, "GET", "/problemes/?x", ASSURE)
        assert (plain.status, plain.headers["Location"]) == (308, "https://assure.hcr.localhost:8080/problemes/?x")
        trusting = ssl.create_default_context(cafile=str(certificate))
        trusting.set_alpn_protocols(["h2"])
        line = socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S)
        with line, trusting.wrap_socket(line, server_hostname="localhost") as secret:
            assert secret.selected_alpn_protocol() == "h2"
        connection = HTTPSConnection(
            "localhost", server.port, timeout=PATIENCE_S, context=ssl.create_default_context(cafile=str(certificate))
        )
        connection.request("GET", "/", headers=ASSURE)
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Strict-Transport-Security")) == (200, shield.PROTECTION["Strict-Transport-Security"])
        connection.close()


def _self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for ``localhost`` and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    built = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encodings = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(*encodings))
    return folder / "cert.pem", folder / "key.pem"
