"""What is believed of an OpenID Connect provider: which addresses are its own, how an attempt is bound to a browser, what its word says."""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from services.identity.errors import EmailUnproved, WordRefused

ATTEMPT_LIFE = timedelta(minutes=10)
"""From the click on the button until the browser is back."""
LINK_LIFE = timedelta(minutes=10)
"""From a first return until the password that ties the provider's person to an account."""
LONGEST_SUBJECT = 255
"""OpenID Connect Core §2: a ``sub`` is no longer."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class Word:
    """What a provider says once its token was verified: whose it is, a verified e-mail, whether it asked a second factor itself."""

    issuer: str
    subject: str
    email: str
    strong: bool


def nonce(ticket: str) -> str:
    """The nonce of an attempt, from the secret that its browser keeps (OpenID Connect Core §15.5.2): another attempt has another."""
    digest = hashlib.sha256(f"nonce:{ticket}".encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_address(address: str) -> bool:
    """Whether an address may be asked or sent to: https without user, query or fragment; http on this machine alone."""
    try:
        found = urlsplit(address)
        host, _port = found.hostname or "", found.port
    except ValueError:
        return False
    plain = not (found.username or found.password or found.fragment or found.query) and address.isascii() and address.isprintable()
    return plain and bool(host) and (found.scheme == "https" or (found.scheme == "http" and host in LOOPBACK))


def is_own(address: str, issuer: str, hosts: Collection[str]) -> bool:
    """Whether ``address`` is the issuer's own origin, or https on one of the ``hosts`` agreed with it."""
    if not is_address(address):
        return False
    found, own = urlsplit(address), urlsplit(issuer)
    return (found.scheme, found.netloc) == (own.scheme, own.netloc) or (found.scheme == "https" and found.netloc in hosts)


def counts_as_second_factor(claims: Mapping[str, Any], acr: Collection[str], amr: Collection[str]) -> bool:
    """Whether the provider says that it asked for what the brand accepts as a second factor; what is not told is not."""
    told = claims.get("amr")
    methods = [method for method in told if isinstance(method, str)] if isinstance(told, list) else []
    return (isinstance(claims.get("acr"), str) and claims["acr"] in acr) or bool(set(methods) & set(amr))


def subject(claims: Mapping[str, Any]) -> str:
    """Who it is for the provider, for good (ASVS 10.5.2). Raises ``WordRefused``."""
    told = claims.get("sub")
    if not isinstance(told, str) or not 1 <= len(told) <= LONGEST_SUBJECT or not told.isprintable():
        raise WordRefused
    return told


def email(claims: Mapping[str, Any], claim: str) -> str:
    """The address that the provider verified. Raises ``EmailUnproved``: « true » in letters, or nothing, is no proof."""
    told = claims.get(claim)
    if claims.get("email_verified") is not True or not isinstance(told, str):
        raise EmailUnproved
    return told
