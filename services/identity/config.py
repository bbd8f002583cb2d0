"""The ``[identity]`` table of a brand file, proved sound before anything starts, and the service's settings."""

import hashlib
from datetime import timedelta
from typing import Literal

import msgspec

from chassis.config import Settings
from chassis.work import Work
from services.identity.rules import oidc, passwords
from services.identity.rules.second_factor import TRUST
from services.identity.rules.spaces import ALWAYS_STRONG, KIND_OF_SPACE

__all__ = ["IdentityBrand", "IdentitySettings", "IdentityWork", "Oidc", "PasswordRule", "SecondFactor", "Sms", "Terms"]

WEAKENED = "le second facteur de l'espace « {space} » ne peut pas être désactivé"
ITS_OWN = "l'espace conseil demande toujours le code de son application : le second facteur d'un fournisseur n'y compte pas"
NO_ADDRESS = "{name} : une adresse https://… est attendue, ou http:// sur cette machine"


class IdentitySettings(Settings, frozen=True, kw_only=True):
    """``oidc_secrets``: by ``brand/space``, what each provider knows this platform by; in JSON, from ``AFFILIA_OIDC_SECRETS_FILE``."""

    oidc_secrets: dict[str, str] = {}


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a brand file: an unknown key is a mistake."""


class PasswordRule(Table, frozen=True, kw_only=True):
    """What the guide of a space asks of passwords. Raises ``ValueError`` when it proves less than the platform's floor.

    ``not_counted`` characters are accepted but satisfy no class; ``forbidden`` ones are refused; ``passphrase_length`` characters of
    any kind pass without classes.
    """

    min_length: int
    required_classes: tuple[str, ...]
    any_of_classes: tuple[str, ...] = ()
    not_counted: str = ""
    forbidden: str = ""
    passphrase_length: int = 15

    @property
    def policy(self) -> passwords.Policy:
        groups = (*((name,) for name in self.required_classes), *((self.any_of_classes,) if self.any_of_classes else ()))
        return passwords.Policy(self.min_length, groups, self.not_counted, self.forbidden, self.passphrase_length)

    def __post_init__(self) -> None:
        self.policy.prove()


class Activation(Table, frozen=True, kw_only=True):
    """How each space is opened (``ways``: one that is not named opens by invitation), and where a code may go, at one's choice (S0:78).

    ``known_email``: the address given at affiliation (S0:74, S3:75). ``company``: SIRET and identifier (S1:60). ``open_form``: name,
    contract number, birth date (S2:7).
    """

    channels: tuple[Literal["email", "sms"], ...]
    ways: dict[str, Literal["known_email", "company", "open_form"]]


class SecondFactor(Table, frozen=True, kw_only=True):
    """``idle_days`` makes a trusted device a stranger again; ``mobile_required`` = false lets members give e-mailed codes instead."""

    idle_days: int = TRUST.days
    mobile_required: bool = True
    off_in: tuple[str, ...] = ()

    @property
    def trust(self) -> timedelta:
        return timedelta(days=self.idle_days)

    def __post_init__(self) -> None:
        for space in ALWAYS_STRONG & set(self.off_in):
            raise ValueError(WEAKENED.format(space=space))
        if not 1 <= self.idle_days <= TRUST.days:
            raise ValueError(f"idle_days est compris entre 1 et {TRUST.days} jours")


class Sms(Table, frozen=True, kw_only=True):
    """How many SMS leave at most: to one number in 24 h, for one network in an hour, for the brand in a day."""

    per_number_day: int = 10
    per_network_hour: int = 30
    per_brand_day: int = 20_000

    def __post_init__(self) -> None:
        if min(self.per_number_day, self.per_network_hour, self.per_brand_day) < 1:
            raise ValueError("chaque limite de SMS vaut au moins 1")


class OidcSecondFactor(Table, frozen=True, kw_only=True):
    """What a provider must say to have asked for a second factor itself: one of these ``acr``, or one of these ``amr`` (RFC 8176)."""

    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()


class Oidc(Table, frozen=True, kw_only=True):
    """Another house whose word opens a space (OpenID Connect): what was agreed with it. Its secret is a setting, never here.

    ``hosts`` are the names it answers under beside the issuer's; nothing else is ever called. ``email_claim`` is where it puts the
    address, which counts only while ``email_verified`` is true.
    """

    issuer: str
    client_id: str
    label: str
    redirect_uri: str
    scopes: tuple[str, ...] = ("openid", "email")
    hosts: tuple[str, ...] = ()
    email_claim: str = "email"
    client_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    second_factor: OidcSecondFactor = OidcSecondFactor()

    @property
    def is_https(self) -> bool:
        """Whether nothing of it travels in clear: elsewhere than on one's own machine, it must be so."""
        return all(address.startswith("https://") for address in (self.issuer, self.redirect_uri))

    def may_call(self, address: str) -> bool:
        """Whether an address that the provider gives is one of its own (ASVS 10.5.3)."""
        return oidc.is_own(address, self.issuer, self.hosts)

    def __post_init__(self) -> None:
        for name in ("issuer", "redirect_uri"):
            if not oidc.is_address(getattr(self, name)):
                raise ValueError(NO_ADDRESS.format(name=name))
        if "openid" not in self.scopes:
            raise ValueError("scopes contient « openid »")


class Terms(Table, frozen=True, kw_only=True):
    """The conditions a person accepts at activation, and again when they change; a new text is a new version."""

    version: str
    text: str

    @property
    def digest(self) -> bytes:
        """The SHA-256 of the text: which words were accepted, whatever the file says later."""
        return hashlib.sha256(self.text.encode()).digest()


class IdentityBrand(Table, frozen=True, kw_only=True):
    """One brand as identity sees it; ``password``, ``terms`` and ``oidc`` by space."""

    password: dict[str, PasswordRule]
    terms: dict[str, Terms]
    activation: Activation
    second_factor: SecondFactor = SecondFactor()
    sms: Sms = Sms()
    oidc: dict[str, Oidc] = {}

    def __post_init__(self) -> None:
        if unknown := (self.password.keys() | self.terms.keys() | self.activation.ways.keys() | self.oidc.keys()) - KIND_OF_SPACE.keys():
            raise ValueError(f"espace inconnu : {', '.join(sorted(unknown))}")
        if self.password.keys() != self.terms.keys():
            raise ValueError("chaque espace a sa règle de mot de passe et ses conditions")
        if "conseil" in self.oidc and self.oidc["conseil"].second_factor != OidcSecondFactor():
            raise ValueError(ITS_OWN)

    def email_codes(self, kind: str) -> bool:
        """Whether an e-mailed code may stand for the second step: never where many people's data open."""
        return kind == "member" and not self.second_factor.mobile_required


IdentityWork = Work[IdentityBrand]
