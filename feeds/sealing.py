"""Sealed fields on the producer's side: one fresh content key per batch, wrapped once with the platform's public key (libsodium)."""

import base64
import binascii
from collections.abc import Callable

import msgspec
from nacl.bindings import (
    crypto_aead_aes256gcm_encrypt,
    crypto_aead_aes256gcm_KEYBYTES,
    crypto_aead_aes256gcm_NPUBBYTES,
)
from nacl.public import PublicKey, SealedBox
from nacl.utils import random

BATCH = "batch"
"""The key id that a sealed field bears: its key is the one wrapped in the envelope."""


class WrongKey(ValueError):
    """What was given is not a platform's public key."""


class PlatformKey(msgspec.Struct, frozen=True, kw_only=True):
    """The platform's public key: ``id``, and 32 bytes of X25519 in base64url without padding."""

    id: str
    public_key: str

    @classmethod
    def read(cls, text: bytes) -> "PlatformKey":
        """The key in a JSON text ``{"id", "public_key"}``. Raises ``WrongKey``."""
        try:
            key = msgspec.json.decode(text, type=cls)
            PublicKey(unb64(key.public_key))
        except (msgspec.DecodeError, msgspec.ValidationError, ValueError, TypeError) as error:
            raise WrongKey("clé publique de la plateforme illisible") from error
        if not key.id or "." in key.id:
            raise WrongKey("identifiant de clé de la plateforme illisible")
        return key


class Sealer:
    """Seals the fields of one batch under one content key, which nobody keeps."""

    def __init__(self, platform: PlatformKey) -> None:
        self._key = random(crypto_aead_aes256gcm_KEYBYTES)
        box = SealedBox(PublicKey(unb64(platform.public_key))).encrypt(self._key)
        self.content_key = f"{platform.id}.{b64(box)}"
        """The wrapped key, as it travels in the envelope (``contentkey``)."""

    def sealing(self, name: str) -> Callable[[str], str]:
        """How the fields of event ``name`` are sealed: bound to that name, so that a field cannot move to another event."""
        bound = name.encode("ascii")

        def seal(value: str) -> str:
            nonce = random(crypto_aead_aes256gcm_NPUBBYTES)
            return f"{BATCH}.{b64(nonce + crypto_aead_aes256gcm_encrypt(value.encode(), bound, nonce, self._key))}"

        return seal


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of a base64url text, padded or not. Raises ``ValueError``."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
