"""Columns that only their service can read: AES-256-GCM under rotating keys, and a keyed blind index to find a value again."""

import base64
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, TypeDecorator
from sqlalchemy.engine import Dialect

NONCE = 12


class Vault:
    """A service's own keys. Made empty beside its models, unlocked once at start.

    A sealed value is ``key id length (1 byte) | key id | nonce (12) | ciphertext and tag``: older keys keep opening what they sealed.
    """

    def __init__(self) -> None:
        self._keys: dict[str, AESGCM] = {}
        self._current = ""
        self._index = b""

    def unlock(self, keys: dict[str, str], index: str) -> None:
        """Give the keys: ``keys`` maps ids to 32 bytes in base64url, the last one seals; ``index`` keys the blind index."""
        self._keys = {key_id: AESGCM(base64.urlsafe_b64decode(value + "==")) for key_id, value in keys.items()}
        self._current = list(keys)[-1]
        self._index = base64.urlsafe_b64decode(index + "==")

    def seal(self, value: str) -> bytes:
        nonce, key_id = os.urandom(NONCE), self._current.encode()
        return bytes([len(key_id)]) + key_id + nonce + self._keys[self._current].encrypt(nonce, value.encode(), key_id)

    def open(self, sealed: bytes) -> str:
        """The text sealed by :meth:`seal`. Raises ``ValueError`` when no key of ours opens it."""
        end = 1 + sealed[0]
        key_id, nonce, text = sealed[1:end], sealed[end : end + NONCE], sealed[end + NONCE :]
        try:
            return self._keys[key_id.decode()].decrypt(nonce, text, key_id).decode()
        except (KeyError, InvalidTag) as error:
            raise ValueError("no key opens this value") from error

    def fingerprint(self, value: str) -> bytes:
        """The blind index of a value: 32 bytes, equal for equal values, worthless without the key."""
        return hmac.digest(self._index, value.encode(), "sha256")

    def text(self) -> "SealedText":
        """The column type of a text that is stored sealed."""
        return SealedText(self)


class SealedText(TypeDecorator[str]):
    """A text column stored sealed. It cannot be filtered on: look values up by their fingerprint."""

    impl = LargeBinary
    cache_ok = True  # a statement is compiled once; the vault is part of its key

    def __init__(self, vault: Vault | None = None) -> None:
        super().__init__()
        self.vault = vault

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None or self.vault is None else self.vault.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None or self.vault is None else self.vault.open(bytes(value))
