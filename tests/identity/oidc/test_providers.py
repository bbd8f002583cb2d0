"""A provider that is not itself, is away or hangs: told, and the ordinary way goes on (ASVS 10.5.3)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chassis.testing import Bench
from services.identity.adapters import make_adapters
from tests.identity.oidc import provider as providers
from tests.identity.oidc.provider import TABLES, Provider, Traveller
from tests.identity.people import problem

REFUSED = (409, "preuve-du-fournisseur-refusee")
DOWN = (503, "fournisseur-injoignable")


STRANGE: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://ailleurs.exemple"},
    "keys elsewhere": {"jwks_uri": "https://ailleurs.exemple/keys"},
    "a token door inside our network": {"token_endpoint": "http://169.254.169.254/latest"},
    "another port of this machine": {"token_endpoint": "http://127.0.0.1:1/token"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
    "a name in front of its own": {"authorization_endpoint": "https://a:b@ailleurs.exemple/authorize"},
    "a question without end": {"authorization_endpoint": "OWN/authorize?%zz=%"},
    "no address": {"authorization_endpoint": None},
}


@pytest.mark.parametrize("told", STRANGE.values(), ids=STRANGE)
def test_a_description_that_is_not_the_issuers_own_is_not_followed(visitor: Traveller, provider: Provider, told: dict[str, Any]):
    """ASVS 10.5.3: nothing but the agreed issuer and hosts is ever called or shown to a browser."""
    provider.metadata = {name: value and value.replace("OWN", provider.issuer) for name, value in told.items()}
    assert problem(visitor.post("/oidc/authorizations")) == DOWN


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'"x"', b"{" * 100_000, b'{"issuer": "' + b"x" * 300_000 + b'"}'])
def test_a_description_that_is_none_is_not_followed(visitor: Traveller, provider: Provider, body: bytes):
    provider.bodies["/.well-known/openid-configuration"] = body
    assert problem(visitor.post("/oidc/authorizations")) == DOWN


@pytest.mark.parametrize("status", [302, 404, 500])
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys", "/token"])
def test_a_door_that_answers_something_else_is_down(dominique: Traveller, provider: Provider, path: str, status: int):
    provider.answers[path] = status
    begun = dominique.post("/oidc/authorizations")
    if begun.status_code == 201:
        dominique.ticket = begun.json["ticket"]
        refused = dominique.arrive(provider.visit(begun.json["url"]))
    else:
        refused = begun
    assert problem(refused) in (DOWN, REFUSED)
    assert path == "/token" or problem(refused) == DOWN
    assert dominique.sign_in().status_code == 202, "the ordinary way still works"


def test_a_provider_that_went_away_is_told_and_the_ordinary_way_works(bench: Bench, dominique: Traveller):
    with providers.running() as gone:
        pass
    folder = _brands_of(Path(bench.running.settings.brands), gone)
    bench.running.adapters = make_adapters(providers.settings_of(bench, brands=folder))
    refused = dominique.post("/oidc/authorizations")
    assert problem(refused) == DOWN
    assert refused.headers["Retry-After"]
    assert dominique.sign_in().status_code == 202


def test_a_provider_that_hangs_is_given_up_and_keeps_nobody_else_waiting(dominique: Traveller, provider: Provider):
    """More returns than its places and than the connections of the database wait for it; a password signs in meanwhile."""
    ways = [(dominique.leave(), dominique.ticket) for _ in range(14)]
    provider.hanging = {"/token"}
    with ThreadPoolExecutor(15) as pool:
        waiting = [pool.submit(_arrive, dominique, *way) for way in ways]
        meanwhile = pool.submit(dominique.sign_in)
        assert meanwhile.result(60).status_code == 202
        assert not all(answer.done() for answer in waiting), "it signed in while the provider was still awaited"
        assert {answer.result(60) for answer in waiting} == {DOWN}


def _arrive(visitor: Traveller, brought: dict[str, str], ticket: str) -> tuple[int, str]:
    return problem(visitor.post("/oidc/callbacks", **brought, ticket=ticket))


def _brands_of(folder: Path, provider: Provider) -> Path:
    """The same brands, whose provider is another."""
    other = folder.parent / f"{folder.name}-{provider.server.server_port}"
    other.mkdir()
    for brand in folder.glob("*.toml"):
        text = brand.read_text()
        start = text.find("\n[identity.oidc.")
        tables = TABLES.format(issuer=provider.issuer) if start >= 0 else ""
        (other / brand.name).write_text((text if start < 0 else text[:start]) + tables)
    return other
