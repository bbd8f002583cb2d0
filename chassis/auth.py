"""Signed identities (ES256, one audience, at most a minute): what the edge shows a service instead of a session."""

import threading
import time
from typing import Any

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis.actor import Actor

HEADER = "Affilia-Identity"
ISSUER = "affilia:identity"
LIFETIME = 60
ALGORITHM = "ES256"
REMEMBERED = 4_096


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
        claims = {"iss": ISSUER, "aud": audience, "iat": issued, "exp": issued + LIFETIME, "actor": actor.claims()}
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
            return float(claims["exp"]), msgspec.convert(claims["actor"], Actor, strict=False)
        except (JoseError, ValueError, KeyError, msgspec.ValidationError) as error:
            raise BadIdentity(type(error).__name__) from error
