"""The keys of one installation in one file, `keys.json`: generated once for the demo, given as a secret in production.

Every key has an id, which stands beside what it sealed or signed. The ids of generated development keys begin with `dev-`: production
refuses them by name, so that no installation ever runs on keys that lie in a developer's folder.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import msgspec

from affilia import atomic
from chassis.config import DEVELOPMENT, Keys

SERVICES = ("identity", "members", "employers", "affiliation", "documents", "messaging")
FOLDER = Path(".affilia/keys")
FILE = "keys.json"
KEY_BYTES = 32  # AES-256, X25519 and HMAC-SHA-256 alike


class Keyring(msgspec.Struct, kw_only=True):
    """All keys, 32 bytes each in base64url without padding unless said otherwise.

    `vaults` seal columns and `indexes` key blind indexes, one set a service; `events` seal fields on the bus, `events_current` today;
    `feed_private` (X25519) open what producers wrap; `signing_jwk` (private, EC P-256) signs identities and `jwks` verifies them;
    `edge_secret` and `feed_token` are passwords.
    """

    vaults: dict[str, dict[str, str]]
    indexes: dict[str, str]
    events: dict[str, str]
    events_current: str
    feed_private: dict[str, str]
    feed_current: str
    signing_jwk: dict[str, Any]
    jwks: dict[str, Any]
    edge_secret: str
    feed_token: str

    def of(self, service: str) -> Keys:
        """The part that one service is given: only identity signs."""
        return Keys(
            vault=self.vaults[service],
            index=self.indexes[service],
            events=self.events,
            events_current=self.events_current,
            feed=self.feed_private,
            jwks=self.jwks,
            signing=self.signing_jwk if service == "identity" else None,
            edge_secret=self.edge_secret,
        )

    def feed_public(self) -> dict[str, str]:
        """What a producer is given to wrap its content keys: `id` and `public_key` (X25519, base64url)."""
        from nacl.public import PrivateKey

        private = PrivateKey(urlsafe_b64decode(self.feed_private[self.feed_current] + "="))
        return {"id": self.feed_current, "public_key": _text(bytes(private.public_key))}


def load_or_create(folder: Path = FOLDER, prefix: str = DEVELOPMENT) -> Keyring:
    """The keyring of `folder`, generated at the first call. Raises `ValueError`, in French, when its file cannot be read."""
    file = folder / FILE
    if not file.exists():
        atomic.write_once(file, msgspec.json.format(msgspec.json.encode(generate(prefix))))
    return load(file)


def load(file: Path) -> Keyring:
    """The keyring of a file. Raises `ValueError`, in French, naming the file and what is wrong, never a key."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Keyring)
    except OSError as error:
        raise ValueError(f"Le fichier de clés {file} ne peut pas être lu : {error.strerror}.") from None
    except msgspec.DecodeError as error:
        raise ValueError(f"Le fichier de clés {file} est illisible ({error}). Pour en recréer un de développement : make reset") from None


def generate(prefix: str = DEVELOPMENT) -> Keyring:
    """A fresh keyring whose ids begin with `prefix`; a random end keeps two generations apart."""
    generation = secrets.token_hex(3)
    events, feed = f"{prefix}events-{generation}", f"{prefix}feed-{generation}"
    private, public = _signing_pair(f"{prefix}signing-{generation}")
    return Keyring(
        vaults={service: {f"{prefix}{service}-{generation}": _secret()} for service in SERVICES},
        indexes={service: _secret() for service in SERVICES},
        events={events: _secret()},
        events_current=events,
        feed_private={feed: _secret()},
        feed_current=feed,
        signing_jwk=private,
        jwks={"keys": [public]},
        edge_secret=_secret(),
        feed_token=_secret(),
    )


def _signing_pair(key_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """An ES256 key as a private and a public JWK."""
    from joserfc.jwk import ECKey

    key = ECKey.generate_key("P-256", {"kid": key_id, "alg": "ES256", "use": "sig"})
    return dict(key.as_dict(private=True)), dict(key.as_dict(private=False))


def _secret() -> str:
    return _text(secrets.token_bytes(KEY_BYTES))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
