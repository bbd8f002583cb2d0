"""OpenID Connect providers, through Authlib and joserfc: where to send a browser, and what came back with it (ASVS 10.1, 10.2, 10.5)."""

import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from chassis import logs
from services.identity.adapters.wire import COME_BACK_S, Wire
from services.identity.config import Oidc
from services.identity.errors import ProviderDown, WordRefused
from services.identity.rules import oidc

ALGORITHMS = ["RS256", "PS256", "ES256"]
"""Signatures alone, and asymmetric: « none » and keys shared with us sign nothing here."""
KINDS: Mapping[str, Any] = {"RSA": RSAKey, "EC": ECKey}
LEEWAY_S = 60
DISCOVERY_S = 3_600.0
KEYS_S = 600.0
"""How long a key that the provider withdrew may still verify."""
UNKNOWN_KEY_S = 60.0
"""A key nobody knows makes the keys be asked again, at most that often."""
OAUTH_CODE = re.compile("[a-z_]{1,40}")
LIES = (AuthlibBaseError, JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What reading hostile text may raise: it is no word, whatever it is."""
T = TypeVar("T")


class Metadata(msgspec.Struct, frozen=True):
    """What is read of a discovery document."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class Kept(Generic[T]):
    """A document asked once and kept; ``get`` asks again when it is older than one wants."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask, self._lock = ask, threading.Lock()
        self._found: tuple[float, T] | None = None

    def get(self, oldest_s: float) -> T:
        """Raises what asking raises, and keeps nothing then."""
        with self._lock:
            if self._found is None or time.monotonic() - self._found[0] >= oldest_s:
                self._found = (time.monotonic(), self._ask())
            return self._found[1]


class OidcProvider:
    """One provider as one space of one brand agreed with it. Its tokens are read and dropped: nothing of them is kept or passed on."""

    def __init__(self, told: Oidc, secret: str, places: threading.BoundedSemaphore) -> None:
        self._told, self._secret, self._wire = told, secret, Wire(told.may_call, places)
        self._metadata = Kept(self._discover)
        self._keys = Kept(self._fetch_keys)

    @property
    def issuer(self) -> str:
        return self._told.issuer

    def authorization_url(self, state: str, ticket: str) -> str:
        """Where the browser goes: code flow, S256 proof key, nonce. Raises ``ProviderDown``."""
        with self._wire.place():
            address = self._metadata.get(DISCOVERY_S).authorization_endpoint
        acr = {"acr_values": " ".join(self._told.second_factor.acr)} if self._told.second_factor.acr else {}
        asked = {"state": state, "code_verifier": ticket, "nonce": oidc.nonce(ticket)} | acr
        try:
            return str(self._client().create_authorization_url(address, **asked)[0])
        except LIES as error:
            self._refuse(error)
            raise ProviderDown(retry_after=COME_BACK_S) from error

    def word(self, code: str, ticket: str, issuer: str | None) -> oidc.Word:
        """What the provider says of whoever brought ``code`` back; ``issuer`` is who the browser says it comes from (RFC 9207).

        Raises ``ProviderDown``, ``WordRefused`` or ``EmailUnproved``.
        """
        with self._wire.place():
            self._expect_issuer(issuer)
            try:
                return self._read(self._verified(self._exchange(code, ticket), ticket))
            except LIES as error:
                self._refuse(error)
                raise WordRefused from error

    def _expect_issuer(self, issuer: str | None) -> None:
        """Several providers never get each other's codes (ASVS 10.2.2)."""
        silent = issuer is None and not self._metadata.get(DISCOVERY_S).authorization_response_iss_parameter_supported
        if issuer != self._told.issuer and not silent:
            raise WordRefused

    def _exchange(self, code: str, ticket: str) -> dict[str, Any]:
        address = self._metadata.get(DISCOVERY_S).token_endpoint
        tokens: dict[str, Any] = self._client().fetch_token(address, grant_type="authorization_code", code=code, code_verifier=ticket)
        return tokens

    def _verified(self, tokens: dict[str, Any], ticket: str) -> CodeIDToken:
        token = self._signed(tokens["id_token"])
        expected = {"iss": {"essential": True, "value": self._told.issuer}, "aud": {"essential": True, "value": self._told.client_id}}
        known = {"nonce": oidc.nonce(ticket), "client_id": self._told.client_id, "access_token": tokens.get("access_token")}
        claims = CodeIDToken(token.claims, token.header, expected, known)
        claims.validate(leeway=LEEWAY_S)
        return claims

    def _signed(self, text: str) -> jwt.Token:
        """The token, its signature verified; a key that was changed since is asked for once."""
        try:
            return jwt.decode(text, self._keys.get(KEYS_S), algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return jwt.decode(text, self._keys.get(UNKNOWN_KEY_S), algorithms=ALGORITHMS)

    def _read(self, claims: Mapping[str, Any]) -> oidc.Word:
        told = self._told
        return oidc.Word(
            issuer=told.issuer,
            subject=oidc.subject(claims),
            email=oidc.email(claims, told.email_claim),
            strong=oidc.counts_as_second_factor(claims, told.second_factor.acr, told.second_factor.amr),
        )

    def _client(self) -> OAuth2Client:
        told = self._told
        return OAuth2Client(
            self._wire,
            client_id=told.client_id,
            client_secret=self._secret,
            token_endpoint_auth_method=told.client_auth,
            scope=" ".join(told.scopes),
            redirect_uri=told.redirect_uri,
            code_challenge_method="S256",
        )

    def _discover(self) -> Metadata:
        """The provider's own description, which must be about the issuer that was agreed, and lead nowhere else (ASVS 10.5.3)."""
        try:
            found = msgspec.convert(self._wire.get(get_well_known_url(self._told.issuer, external=True)), Metadata)
            own = map(self._told.may_call, (found.authorization_endpoint, found.token_endpoint, found.jwks_uri))
            if found.issuer != self._told.issuer or not all(own):
                raise ValueError("not the issuer that was agreed")
        except ValueError as error:
            self._refuse(error)
            raise ProviderDown(retry_after=COME_BACK_S) from error
        return found

    def _fetch_keys(self) -> KeySet:
        found = self._wire.get(self._metadata.get(DISCOVERY_S).jwks_uri)
        listed = found.get("keys") if isinstance(found, dict) else None
        keys: list[Key] = [key for told in listed if (key := _public(told))] if isinstance(listed, list) else []
        return KeySet(keys)

    def _refuse(self, error: Exception) -> None:
        """Operators learn why; the sentence of an error may quote a token, so only its kind is told: a class, or OAuth's own code."""
        code = str(getattr(error, "error", ""))
        reason = code if OAUTH_CODE.fullmatch(code) else type(error).__name__
        logs.log("identity").warning("oidc.refused", issuer=self._told.issuer, reason=reason)


def _public(told: Any) -> Key | None:
    """A key that may verify a signature of ours; others stand beside it without harm."""
    kind = KINDS.get(str(told.get("kty"))) if isinstance(told, dict) and told.get("use", "sig") == "sig" else None
    try:
        return kind.import_key(told) if kind else None
    except LIES:
        return None
