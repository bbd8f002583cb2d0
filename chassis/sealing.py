"""Personal fields of events in transit: AES-256-GCM under rotating platform keys, or under a producer's key wrapped for us.

A sealed field reads ``<key id>.<base64url(nonce | ciphertext | tag)>``, bound to the name of its event. A producer's batch key has the
id ``batch`` and travels wrapped in the envelope (``contentkey``: ``<key id>.<base64url(libsodium sealed box)>``).
"""

import base64
import binascii
import os
from collections.abc import Callable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

BATCH = "batch"
NONCE = 12
FROM_URL = bytes.maketrans(b"-_", b"+/")
PADDING = (b"", b"", b"==", b"=")


class CannotOpen(ValueError):
    """The sealed text was altered, or its key is not ours."""


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of a base64url text without padding. Raises :class:`CannotOpen`."""
    try:
        return binascii.a2b_base64(text.encode().translate(FROM_URL) + PADDING[len(text) % 4], strict_mode=True)
    except ValueError as error:
        raise CannotOpen("not base64url") from error


class Sealer:
    """The platform's keys for events. ``keys`` and ``feed`` map key ids to 32 bytes in base64url; ``current`` seals."""

    def __init__(self, keys: dict[str, str], current: str, feed: dict[str, str]) -> None:
        self._keys = {key_id: AESGCM(unb64(value)) for key_id, value in keys.items()}
        self._current = current
        self._boxes = {key_id: SealedBox(PrivateKey(unb64(value))) for key_id, value in feed.items()}
        self._unwrap = lru_cache(256)(self._unwrap_content_key)
        self.opening = lru_cache(1024)(self._opening)

    def sealing(self, name: str) -> Callable[[str], str]:
        """How the fields of event ``name`` are sealed."""
        cipher, bound = self._keys[self._current], name.encode()

        def seal(value: str) -> str:
            nonce = os.urandom(NONCE)
            return f"{self._current}.{b64(nonce + cipher.encrypt(nonce, value.encode(), bound))}"

        return seal

    def _opening(self, name: str, content_key: str | None = None) -> Callable[[str], str]:
        """How the fields of event ``name`` are opened; ``content_key`` is the wrapped key of a producer's batch."""
        bound = name.encode()

        def open_(sealed: str) -> str:
            key_id, _, text = sealed.partition(".")
            data = unb64(text)
            try:
                return self._cipher(key_id, content_key).decrypt(data[:NONCE], data[NONCE:], bound).decode()
            except (InvalidTag, ValueError) as error:
                raise CannotOpen("altered, or sealed for somebody else") from error

        return open_

    def _cipher(self, key_id: str, content_key: str | None) -> AESGCM:
        if key_id == BATCH and content_key:
            return self._unwrap(content_key)
        if key_id not in self._keys:
            raise CannotOpen("unknown key")
        return self._keys[key_id]

    def _unwrap_content_key(self, content_key: str) -> AESGCM:
        key_id, _, box = content_key.partition(".")
        try:
            return AESGCM(self._boxes[key_id].decrypt(unb64(box)))
        except (KeyError, CryptoError, ValueError) as error:
            raise CannotOpen("the batch key is not wrapped for this platform") from error
