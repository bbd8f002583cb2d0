"""What a provider, a browser or a stranger may try at the OpenID Connect door: every lie refused, and nothing half done."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from affilia.keys import generate
from chassis.config import BadConfiguration, Brand, read_brands
from chassis.testing import BRANDS, Bench
from services.identity.adapters import make_adapters
from services.identity.app import SERVICE
from services.identity.config import IdentityBrand, Oidc
from tests.identity import provider as providers
from tests.identity.clock import let_time_pass
from tests.identity.people import GOOD, Visitor, person, problem
from tests.identity.provider import TABLES, Provider, Traveller, new_key, written

REFUSED = (409, "preuve-du-fournisseur-refusee")
DOWN = (503, "fournisseur-injoignable")
RETURN = (409, "retour-refuse")
NOW = int(time.time())


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with providers.running() as found:
        yield found


@pytest.fixture(scope="module")
def bench(make_bench: Callable[..., Bench], provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return providers.offered(make_bench, tmp_path_factory.mktemp("brands"), provider)


@pytest.fixture(autouse=True)
def _honest(bench: Bench, provider: Provider) -> None:
    provider.honest()
    providers.start_again(bench)


@pytest.fixture
def dominique(bench: Bench, provider: Provider) -> Traveller:
    bench.tell(person())
    visitor = Traveller(bench, provider=provider)
    visitor.activate()
    return visitor


@pytest.fixture
def visitor(bench: Bench, provider: Provider) -> Traveller:
    """Nobody in particular: a token is believed or not before anybody is looked for."""
    return Traveller(bench, provider=provider)


def sessions(bench: Bench) -> int:
    return bench.audited().count("session.opened")


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


# --- The way back ------------------------------------------------------------


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


# --- A provider that is not itself ------------------------------------------------------------


STRANGE: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://ailleurs.exemple"},
    "keys elsewhere": {"jwks_uri": "https://ailleurs.exemple/keys"},
    "a token door inside our network": {"token_endpoint": "http://169.254.169.254/latest"},
    "another port of this machine": {"token_endpoint": "http://127.0.0.1:1/token"},
    "a file": {"jwks_uri": "file:///etc/passwd"},
    "a name in front of its own": {"authorization_endpoint": "https://a:b@ailleurs.exemple/authorize"},
    "no address": {"authorization_endpoint": None},
}


@pytest.mark.parametrize("told", STRANGE.values(), ids=STRANGE)
def test_a_description_that_is_not_the_issuers_own_is_not_followed(visitor: Traveller, provider: Provider, told: dict[str, Any]):
    """ASVS 10.5.3: nothing but the agreed issuer and hosts is ever called or shown to a browser."""
    provider.metadata = told
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
    bench.running.adapters = make_adapters(SERVICE.settings(**_fields(bench) | {"brands": folder}))  # type: ignore[arg-type]
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


# --- What a brand file may say ------------------------------------------------------------


def opened(folder: Path, tables: str) -> dict[str, Brand[IdentityBrand]]:
    (folder / "hcr.toml").write_text((BRANDS / "hcr.toml").read_text() + tables)
    return read_brands(folder, "identity", IdentityBrand)


@pytest.mark.parametrize(
    ("found", "written_instead", "said"),
    [
        ("[identity.oidc.assure]", "[identity.oidc.nulle-part]", "espace inconnu"),
        ("[identity.oidc.entreprise", "[identity.oidc.conseil", "conseil"),
        ('issuer = "{issuer}"', 'issuer = "http://exemple.fr"', "issuer"),
        ('redirect_uri = "http://localhost:8080/connexion/retour"', 'redirect_uri = "exemple.fr"', "redirect_uri"),
        ('client_id = "espace-assure"', 'client_id = "x"\nscopes = ["email"]', "openid"),
        ('client_id = "espace-assure"', 'client_id = "x"\nclient_secret = "y"', "client_secret"),
    ],
)
def test_a_brand_file_that_weakens_the_door_is_refused(tmp_path: Path, found: str, written_instead: str, said: str):
    assert found in TABLES
    with pytest.raises(BadConfiguration, match=said):
        opened(tmp_path, TABLES.replace(found, written_instead).replace("{issuer}", "https://exemple.fr"))


def test_a_provider_without_its_secret_or_in_production_without_https_stops_the_start(bench: Bench):
    fields = _fields(bench)
    with pytest.raises(BadConfiguration, match="hcr/entreprise"):
        make_adapters(SERVICE.settings(**fields | {"oidc_secrets": {"hcr/assure": "x"}}))  # type: ignore[arg-type]
    sound = fields | {"mode": "production", "time_travel": False, "keys": generate("essai-").of("identity")}
    with pytest.raises(BadConfiguration, match="https"):
        make_adapters(SERVICE.settings(**sound))  # type: ignore[arg-type]


def test_hosts_agreed_beside_the_issuers_are_its_own():
    told = Oidc(issuer="https://a.exemple", client_id="x", label="A", redirect_uri="https://b.exemple/r", hosts=("cles.exemple",))
    assert told.may_call("https://cles.exemple/keys")
    assert not told.may_call("http://cles.exemple/keys")
    assert not told.may_call("https://cles.exemple.ailleurs/keys")
    assert not told.may_call("https://cles.exemple@ailleurs/keys")


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


def _arrive(visitor: Traveller, brought: dict[str, str], ticket: str) -> tuple[int, str]:
    return problem(visitor.post("/oidc/callbacks", **brought, ticket=ticket))


def _fields(bench: Bench) -> dict[str, Any]:
    settings = bench.running.settings
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


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
