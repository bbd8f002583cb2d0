"""The shape and life of one-time codes, links and tokens; chance comes from ``secrets`` alone."""

import base64
import hashlib
import secrets
from datetime import timedelta

DIGITS = 6
LETTER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a printed code is read without a doubt."""
LETTER_LENGTH = 10
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
TOKEN_BYTES = 32

CODE_LIFE = timedelta(minutes=10)
LETTER_LIFE = timedelta(days=30)
LINK_LIFE = timedelta(days=30)
PROOF_LIFE = timedelta(minutes=30)
CHALLENGE_LIFE = timedelta(minutes=30)
RESET_LIFE = timedelta(minutes=30)
OPENING_LIFE = timedelta(hours=24)
"""How long a filled form waits for the code that proves its e-mail."""
ACTIVATION_LIFE = timedelta(days=31)
INVITATION_LIFE = timedelta(hours=72)


def life(channel: str) -> timedelta:
    """How long a code lives: the post takes days."""
    return LETTER_LIFE if channel == "post" else CODE_LIFE


def new(channel: str) -> str:
    """A fresh code as its bearer reads it: ``XXXXX-XXXXX`` on paper (50 bits), six digits elsewhere (20 bits)."""
    if channel == "post":
        drawn = "".join(secrets.choice(LETTER_ALPHABET) for _ in range(LETTER_LENGTH))
        return f"{drawn[:5]}-{drawn[5:]}"
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def canonical(typed: str) -> str:
    """A code as it is compared: no spaces, no dashes, no case, no misread letter."""
    return "".join(c for c in typed.upper() if c.isalnum()).translate(MISREAD)


def is_letter_code(typed: str) -> bool:
    """Whether a typed text can be the code of a letter rather than the token of a link."""
    text = canonical(typed)
    return len(text) == LETTER_LENGTH and set(text) <= set(LETTER_ALPHABET)


def token() -> str:
    """A secret of 256 bits, for sessions, devices, links and proofs."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> bytes:
    """What is stored of a 256-bit secret: its SHA-256, which needs no salt and gives nothing back."""
    return hashlib.sha256(secret.encode()).digest()


def totp_secret() -> str:
    """A secret for an authenticator application: 160 bits in base32 (RFC 4226 §4)."""
    return base64.b32encode(secrets.token_bytes(20)).decode()
