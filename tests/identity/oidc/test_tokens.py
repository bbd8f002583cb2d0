"""Tokens that lie, tokens nobody signed, addresses nobody verified: each is refused, and nothing is half done (ASVS 10.5)."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from tests.identity.oidc.provider import Provider, Traveller, new_key, written
from tests.identity.people import problem

REFUSED = (409, "preuve-du-fournisseur-refusee")
RETURN = (409, "retour-refuse")
NOW = int(time.time())


LYING_CLAIMS: dict[str, dict[str, Any]] = {
    "another issuer": {"iss": "https://ailleurs.exemple"},
    "an issuer that only looks alike": {"iss": "http://127.0.0.1/"},
    "no issuer": {"iss": None},
    "for another client": {"aud": "espace-entreprise"},
    "for nobody": {"aud": None},
    "for several, without who asked": {"aud": ["espace-assure", "espace-entreprise"]},
    "for several, asked by another": {"aud": ["espace-assure", "espace-entreprise"], "azp": "espace-entreprise"},
    "asked by another": {"azp": "espace-entreprise"},
    "another attempt's nonce": {"nonce": "nonce-d-hier"},
    "no nonce": {"nonce": None},
    "a nonce that is no text": {"nonce": ["x"]},
    "expired": {"exp": NOW - 600},
    "never expiring": {"exp": None},
    "an end that is no date": {"exp": "demain"},
    "issued tomorrow": {"iat": NOW + 86_400},
    "issued never": {"iat": None},
    "not valid yet": {"nbf": NOW + 86_400},
    "nobody": {"sub": None},
    "an empty name": {"sub": ""},
    "a name without end": {"sub": "x" * 256},
    "a name that is a number": {"sub": 12},
    "a name with a NUL": {"sub": "a\0b"},
    "methods that are no list": {"amr": "mfa"},
    "a hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("lie", LYING_CLAIMS.values(), ids=LYING_CLAIMS)
def test_a_token_that_lies_is_refused(visitor: Traveller, provider: Provider, lie: dict[str, Any]):
    provider.claims = lie
    assert problem(visitor.travel()) == REFUSED


FORGED: dict[str, Callable[[Provider, dict[str, Any]], Any]] = {
    "unsigned": lambda _provider, claims: written({"alg": "none"}, claims),
    "unsigned, the key named": lambda provider, claims: written({"alg": "none", "kid": provider.key.kid}, claims),
    "signed with what everybody knows": lambda provider, claims: written({"alg": "HS256", "kid": provider.key.kid}, claims, b"x" * 32),
    "signed by nobody": lambda provider, claims: written({"alg": "RS256", "kid": provider.key.kid}, claims, b"x" * 256),
    "another key under the same name": lambda provider, claims: provider.sign(claims, new_key(str(provider.key.kid))),
    "a key nobody published": lambda provider, claims: provider.sign(claims, new_key("inconnue")),
    "an extension that must be understood": lambda provider, claims: written(
        {"alg": "RS256", "kid": provider.key.kid, "crit": ["x"], "x": 1}, claims, b"x" * 256
    ),
    "no token": lambda _provider, _claims: None,
    "no text": lambda _provider, _claims: {"a": 1},
    "no end of dots": lambda _provider, _claims: "." * 50_000,
    "depth without end": lambda _provider, _claims: "eyJhbGciOiJSUzI1NiJ9." + "W" * 60_000 + ".",
    "bytes that are no text": lambda provider, claims: "é" + provider.sign(claims),
}


@pytest.mark.parametrize("forger", FORGED.values(), ids=FORGED)
def test_a_token_that_the_provider_did_not_sign_is_refused(visitor: Traveller, provider: Provider, forger: Callable[..., Any]):
    provider.write = lambda claims: forger(provider, claims)
    assert problem(visitor.travel()) == REFUSED


def test_a_symmetric_key_that_the_provider_publishes_signs_nothing(visitor: Traveller, provider: Provider):

    shared = OctKey.import_key("secret-de-trente-deux-octets-ou-plus", {"kid": "partagee"})
    provider.bodies["/keys"] = b'{"keys": [{"kty": "oct", "kid": "partagee", "k": "c2VjcmV0LWRlLXRyZW50ZS1kZXV4LW9jdGV0cy1vdS1wbHVz"}]}'
    provider.write = lambda claims: jwt.encode({"alg": "HS256", "kid": "partagee"}, claims, shared, algorithms=["HS256"])
    assert problem(visitor.travel()) == REFUSED


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_the_provider_did_not_verify_is_refused(dominique: Traveller, provider: Provider, verified: object):
    provider.person["email_verified"] = verified
    assert problem(dominique.travel()) == (409, "adresse-non-verifiee")
    assert problem(dominique.tie()) == RETURN


@pytest.mark.parametrize(
    "address", [None, 12, "pas une adresse", "a@exemple.fr\r\nBcc: x@exemple.fr", "\ud800@exemple.fr", "x" * 300 + "@a.fr"]
)
def test_what_is_no_address_is_refused(visitor: Traveller, provider: Provider, address: object):
    provider.person["email"] = address
    assert problem(visitor.travel()) == (409, "adresse-non-verifiee")


def test_a_key_that_changed_since_is_asked_for_and_then_believed(visitor: Traveller, provider: Provider, monkeypatch: pytest.MonkeyPatch):
    assert visitor.travel().status_code == 200
    newer = new_key("seconde")
    provider.published, provider.write = [provider.key, newer], lambda claims: provider.sign(claims, newer)
    assert problem(visitor.travel()) == REFUSED, "the keys were asked for a moment ago"
    monkeypatch.setattr("services.identity.adapters.providers.UNKNOWN_KEY_S", 0.0)
    assert visitor.travel().status_code == 200


def test_unknown_keys_do_not_make_the_keys_be_asked_again_and_again(visitor: Traveller, provider: Provider):
    provider.write = lambda claims: provider.sign(claims, new_key("inconnue"))
    for _ in range(3):
        assert problem(visitor.travel()) == REFUSED
    assert provider.asked.count("/keys") == 1
