"""Authenticator applications (TOTP, RFC 6238)."""

import hmac
from datetime import datetime

import pyotp

STEP_S = 30
DRIFT = (0, -1, 1)
"""Steps of 30 s that are accepted around now: telephones are rarely exact."""


def read_totp(secret: str, typed: str, now: datetime) -> int | None:
    """The step of 30 s whose code was typed; ``None`` when it is the code of no step near ``now``."""
    totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    steps = (current + drift for drift in DRIFT)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())), None)


def totp_uri(secret: str, email: str, issuer: str) -> str:
    """What a QR code holds to provision an authenticator application."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)
