"""The outside of identity: its signing key, authenticator applications, browsers, OpenID Connect providers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.auth import Signer
from chassis.config import BadConfiguration, read_brands
from services.identity.adapters.applications import read_totp, totp_uri
from services.identity.adapters.browsers import browser_name
from services.identity.adapters.providers import OidcProvider
from services.identity.adapters.wire import places
from services.identity.config import IdentityBrand, IdentitySettings, Oidc

__all__ = ["Adapters", "browser_name", "make_adapters", "read_totp", "totp_uri"]

NO_SIGNING_KEY = "Le service identity a besoin de la clé de signature (keys.signing)."
NO_SECRET = (
    "La marque « {brand} » propose un fournisseur d'identité à l'espace « {space} » : il manque son secret dans « oidc_secrets » ({key})."
)
NOT_HTTPS = "La marque « {brand} » nomme un fournisseur d'identité sans https : il est refusé en production."


@dataclass(frozen=True)
class Adapters:
    """What routes hand to actions. ``providers`` are by brand and space."""

    signer: Signer
    jwks: dict[str, Any]
    providers: Mapping[tuple[str, str], OidcProvider]

    read_totp = staticmethod(read_totp)


def make_adapters(settings: IdentitySettings) -> Adapters:
    """Raises ``BadConfiguration`` without the signing key or a provider's secret, and in production for a provider without https."""
    if settings.keys.signing is None:
        raise BadConfiguration(NO_SIGNING_KEY)
    return Adapters(Signer(settings.keys.signing), settings.keys.jwks, _providers(settings))


def _providers(settings: IdentitySettings) -> dict[tuple[str, str], OidcProvider]:
    brands = read_brands(settings.brands, "identity", IdentityBrand)
    offered = {(brand, space): told for brand, found in brands.items() for space, told in found.own.oidc.items()}
    shared = places()
    return {(brand, space): OidcProvider(told, _secret(settings, brand, space, told), shared) for (brand, space), told in offered.items()}


def _secret(settings: IdentitySettings, brand: str, space: str, told: Oidc) -> str:
    key = f"{brand}/{space}"
    if settings.mode == "production" and not told.is_https:
        raise BadConfiguration(NOT_HTTPS.format(brand=brand))
    if not settings.oidc_secrets.get(key):
        raise BadConfiguration(NO_SECRET.format(brand=brand, space=space, key=key))
    return settings.oidc_secrets[key]
