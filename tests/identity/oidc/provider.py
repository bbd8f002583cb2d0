"""A real OpenID Connect provider on this machine, with its own keys: honest as the norm wants, until a story makes it lie."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3
from flask import Flask, Response, jsonify, redirect, request
from joserfc import jws
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from chassis.testing import BRANDS, Bench
from services.identity.adapters import make_adapters
from services.identity.app import SERVICE
from tests.identity.people import GOOD, Visitor

SECRET = "le-secret-convenu"
STRONG = "urn:exemple:fort"
HANG_S = 20.0
MEMBERS = """
[identity.oidc.assure]
issuer = "{issuer}"
client_id = "espace-assure"
label = "Continuer avec Exemple"
redirect_uri = "http://localhost:8080/connexion/retour"
"""
PROFESSIONALS = """
[identity.oidc.entreprise]
issuer = "{issuer}"
client_id = "espace-entreprise"
label = "Continuer avec Exemple Pro"
redirect_uri = "http://localhost:8080/connexion/retour"
client_auth = "client_secret_post"

[identity.oidc.entreprise.second_factor]
acr = ["urn:exemple:fort"]
amr = ["mfa"]
"""
TABLES = MEMBERS + PROFESSIONALS
DESK = """
[identity.oidc.conseil]
issuer = "{issuer}"
client_id = "espace-conseil"
label = "Continuer avec Exemple Interne"
redirect_uri = "http://localhost:8080/connexion/retour"
"""


def new_key(kid: str = "premiere") -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


class Provider:
    """``person`` is who is signed in there.

    What a story changes: ``claims`` (``None`` takes one away), ``write`` (how a token is written), ``metadata``, ``published`` keys,
    ``answers`` (a status by path), ``bodies`` and ``hanging`` paths.
    """

    def __init__(self) -> None:
        self.key = new_key()
        self.server = make_server("127.0.0.1", 0, self._app(), threaded=True)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        self.released = threading.Event()
        self.honest()

    def honest(self) -> None:
        """As the norm wants it, whatever the story before made of it."""
        self.person: dict[str, Any] = {"sub": "sub-de-dominique", "email": "dominique@exemple.fr", "email_verified": True}
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.answers: dict[str, int] = {}
        self.hanging: set[str] = set()
        self.bodies: dict[str, bytes] = {}
        self.published = [self.key]
        self.write: Callable[[dict[str, Any]], str] = self.sign
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def sign(self, claims: dict[str, Any], key: RSAKey | None = None, **header: str) -> str:
        used = key or self.key
        return jws.serialize_compact({"alg": "RS256", "kid": str(used.kid)} | header, json.dumps(claims), used)

    def write_brands(self, folder: Path, key: str, tables: str) -> None:
        """The brand files, of which one names this provider."""
        folder.mkdir(exist_ok=True)
        for brand in BRANDS.glob("*.toml"):
            more = tables.format(issuer=self.issuer) if brand.stem == key else ""
            (folder / brand.name).write_text(brand.read_text() + more)

    def agreed(self, folder: Path) -> dict[str, Any]:
        """What a whole platform is given for Klesia Pro to offer this provider: its brand files, and the secret it is known by."""
        self.write_brands(folder, "klesia-pro", MEMBERS)
        return {"brands": folder, "oidc_secrets": {"klesia-pro/assure": SECRET}}

    def visit(self, url: str) -> dict[str, str]:
        """What a browser does with the address it was given, and what it brings back from there."""
        with urllib3.PoolManager(retries=False) as pool:
            sent_back = pool.request("GET", url, redirect=False)
        assert sent_back.status == 302, sent_back.data
        return dict(parse_qsl(urlsplit(sent_back.headers["Location"]).query))

    def _app(self) -> Flask:
        app = Flask("provider")
        app.before_request(self._misbehave)
        app.get("/.well-known/openid-configuration")(self._describe)
        app.get("/authorize")(self._authorize)
        app.post("/token")(self._token)
        app.get("/keys")(lambda: jsonify(keys=[key.as_dict(private=False) for key in self.published]))
        return app

    def _misbehave(self) -> Response | None:
        self.asked.append(request.path)
        if request.path in self.hanging:
            self.released.wait(HANG_S)
        if body := self.bodies.get(request.path):
            return Response(body, content_type="application/json")
        status = self.answers.get(request.path)
        return Response("indisponible", status=status, headers={"Location": "http://127.0.0.1:1/"}) if status else None

    def _describe(self) -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        told = {"issuer": self.issuer} | {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        return jsonify(told | self.metadata)

    def _authorize(self) -> Any:
        asked = request.args.to_dict()
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def _token(self) -> Any:
        asked = self.codes.pop(request.form["code"], None)
        if asked is None or not _is_proved(asked, request.form["code_verifier"]) or asked["redirect_uri"] != request.form["redirect_uri"]:
            return jsonify(error="invalid_grant"), 400
        if _client() != (asked["client_id"], SECRET):
            return jsonify(error="invalid_client"), 401
        return jsonify(access_token="a", token_type="Bearer", expires_in=300, id_token=self.write(self._said(asked)))

    def _said(self, asked: dict[str, str]) -> dict[str, Any]:
        now = int(time.time())
        usual = {"iss": self.issuer, "aud": asked["client_id"], "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        return {name: value for name, value in (usual | self.person | self.claims).items() if value is not None}


@dataclass
class Traveller(Visitor):
    """A visitor who goes through the provider; ``ticket`` is what their browser keeps meanwhile."""

    provider: Provider = field(kw_only=True)
    ticket: str = ""

    def leave(self) -> dict[str, str]:
        """Go there, and come back with what it gave."""
        begun = self.post("/oidc/authorizations")
        assert begun.status_code == 201, begun.json
        self.ticket = begun.json["ticket"]
        return self.provider.visit(begun.json["url"])

    def arrive(self, brought: dict[str, str]) -> TestResponse:
        return self.post("/oidc/callbacks", **brought, ticket=self.ticket, device=self.device)

    def travel(self) -> TestResponse:
        return self.arrive(self.leave())

    def tie(self, password: str = GOOD) -> TestResponse:
        return self.post("/oidc/links", ticket=self.ticket, password=password, device=self.device)

    def come_in_and_tie(self) -> str:
        """The whole first time, second factor and trusted browser included; returns the session token."""
        assert self.travel().json["next"] == "password"
        passed = self.pass_sms(self.tie().json["challenge_id"])
        assert passed.status_code == 201, passed.json
        return str(passed.json["token"])


@contextmanager
def running() -> Iterator[Provider]:
    """A provider, listening for as long as the block lasts."""
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()


def offered(make_bench: Callable[..., Bench], folder: Path, provider: Provider) -> Bench:
    """Identity with brands of which HCR offers this provider to each of its spaces."""
    provider.write_brands(folder, "hcr", TABLES + DESK)
    secrets = {f"hcr/{space}": SECRET for space in ("assure", "entreprise", "conseil")}
    return make_bench(SERVICE, brands=folder, oidc_secrets=secrets)


def start_again(bench: Bench) -> None:
    """Identity as it is right after a start: nothing of the provider is remembered."""
    bench.running.adapters = make_adapters(bench.running.settings)  # type: ignore[arg-type]


def settings_of(bench: Bench, **others: Any) -> Any:
    """The settings of the bench, some of them others."""
    settings = bench.running.settings
    return SERVICE.settings(**{name: getattr(settings, name) for name in settings.__struct_fields__} | others)


def written(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token as a forger writes it, without any library's scruples."""
    parts = (json.dumps(header).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def _is_proved(asked: dict[str, str], verifier: str) -> bool:
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return digest == asked["code_challenge"]


def _client() -> tuple[str | None, str | None]:
    given = request.authorization
    return (given.username, given.password) if given else (request.form.get("client_id"), request.form.get("client_secret"))
