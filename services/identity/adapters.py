"""The outside of identity: the signing key it alone holds, the secret of the edge, TOTP applications (RFC 6238), names of browsers."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import pyotp
import ua_parser

from chassis.auth import Signer
from chassis.config import BadConfiguration, Settings
from chassis.labels import _

STEP_S = 30
DRIFT = (0, -1, 1)
"""Steps of 30 s that are accepted around now: telephones are rarely exact."""
LONGEST_AGENT = 400
"""A browser says who it is in fewer characters; the rest is not read."""


@dataclass(frozen=True)
class Adapters:
    """What routes hand to actions."""

    signer: Signer
    jwks: dict[str, Any]
    edge_secret: str

    @staticmethod
    def read_totp(secret: str, typed: str, now: datetime) -> int | None:
        """The step of 30 s whose code was typed; ``None`` when it is the code of no step near ``now``."""
        totp, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
        steps = (current + drift for drift in DRIFT)
        return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode())), None)

    def is_edge(self, shown: str) -> bool:
        """Whether ``shown`` is the edge's secret; without one configured, nobody is the edge."""
        return bool(self.edge_secret) and hmac.compare_digest(self.edge_secret.encode(), shown.encode())


def make_adapters(settings: Settings) -> Adapters:
    """Raises ``BadConfiguration`` when the signing key is missing: identity cannot do without."""
    if settings.keys.signing is None:
        raise BadConfiguration("Le service identity a besoin de la clé de signature (keys.signing).")
    return Adapters(Signer(settings.keys.signing), settings.keys.jwks, settings.keys.edge_secret)


def totp_uri(secret: str, email: str, issuer: str) -> str:
    """What a QR code holds to provision an authenticator application."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


@lru_cache(maxsize=1_000)
def browser_name(agent: str) -> str:
    """What people call a browser, from what it says of itself: « Firefox sur Windows »; empty when that says nothing."""
    found = ua_parser.parse(agent[:LONGEST_AGENT])
    browser = found.user_agent.family.removeprefix("Mobile ") if found.user_agent else ""
    system = found.os.family if found.os else ""
    return _("{browser} sur {system}").format(browser=browser, system=system) if browser and system else browser or system
