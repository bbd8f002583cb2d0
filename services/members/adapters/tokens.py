"""Tokens that a partner checks with the secret it shares with us (JWT, HS256), through joserfc."""

from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

ALGORITHM = "HS256"


def sign(key: bytes, claims: Mapping[str, Any]) -> str:
    """A signed token; whoever holds the key reads and checks it."""
    return jwt.encode({"alg": ALGORITHM}, dict(claims), OctKey.import_key(key), algorithms=[ALGORITHM])
