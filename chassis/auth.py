"""Signed identities (ES256, one audience, at most a minute): what the edge shows a service instead of a session."""

import base64
import threading
import time
import zlib
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.actor import Actor

HEADER = "Affilia-Identity"
EDGE_HEADER = "Affilia-Edge"
"""Where the edge, and nobody else, shows its secret."""
ISSUER = "affilia:identity"
LIFETIME = 60
ALGORITHM = "ES256"
REMEMBERED = 4_096
DEFLATED_FROM = 50
"""Grants from which an identity carries them deflated: it travels in a header, which has 64 KB at nginx (1,000 grants: 30 KB, then 10)."""


class BadIdentity(Exception):
    """The identity is not ours, not for this service, or over."""


class Signer:
    """Signs identities with the private key that only one service holds."""

    def __init__(self, jwk: dict[str, Any]) -> None:
        self._key = ECKey.import_key(jwk)
        self._header = {"alg": ALGORITHM, "kid": str(jwk["kid"]), "typ": "affilia-identity+jwt"}

    def sign(self, actor: Actor, audience: str, now: float | None = None) -> str:
        """A token that lets ``actor`` act on the service ``audience`` for the next minute."""
        issued = int(now if now is not None else time.time())
        claims = {"iss": ISSUER, "aud": audience, "iat": issued, "exp": issued + LIFETIME, "actor": _written(actor)}
        return jwt.encode(self._header, claims, self._key, algorithms=[ALGORITHM])


class Verifier:
    """Verifies identities with the published keys; a verified token is remembered until it ends (110 µs the first time, then 1)."""

    def __init__(self, jwks: dict[str, Any], audience: str) -> None:
        self._keys = KeySet.import_key_set(jwks)  # type: ignore[arg-type]
        self._audience = audience
        self._claims = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": audience}, exp={"essential": True}
        )
        self._known: dict[str, tuple[float, Actor]] = {}
        self._lock = threading.Lock()

    def actor(self, token: str) -> Actor:
        """Who the token says. Raises :class:`BadIdentity`."""
        known = self._known.get(token)
        if known and known[0] > time.time():
            return known[1]
        ends_at, actor = self._verify(token)
        with self._lock:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[token] = (ends_at, actor)
        return actor

    def _verify(self, token: str) -> tuple[float, Actor]:
        try:
            claims = jwt.decode(token, self._keys, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            return float(claims["exp"]), _read(claims["actor"])
        except (JoseError, ValueError, KeyError, TypeError, zlib.error, msgspec.ValidationError) as error:
            raise BadIdentity(type(error).__name__) from error


def _written(actor: Actor) -> dict[str, Any]:
    """The claims of an actor; many grants go by role, sorted, so that they deflate well."""
    claims = actor.claims()
    if len(actor.grants) < DEFLATED_FROM:
        return claims
    by_role: dict[str, list[str]] = {}
    for scope in sorted(actor.grants):
        by_role.setdefault(actor.grants[scope], []).append(scope)
    return claims | {"grants": base64.b64encode(zlib.compress(msgspec.json.encode(by_role))).decode()}


def _read(claims: dict[str, Any]) -> Actor:
    """The actor that claims tell, its grants deflated or not."""
    grants = claims.get("grants")
    if isinstance(grants, str):
        by_role = msgspec.json.decode(zlib.decompress(base64.b64decode(grants)), type=dict[str, list[str]])
        claims = claims | {"grants": {scope: role for role, scopes in by_role.items() for scope in scopes}}
    return msgspec.convert(claims, Actor, strict=False)
