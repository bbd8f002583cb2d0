"""What the gateway is told at start: its secrets, its own hosts, and the ``[gateway]`` table of each brand."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import msgspec

from chassis.config import BadConfiguration, Brand, Mode, read_brands

COLOUR = re.compile(r"#[0-9a-f]{6}\Z", re.IGNORECASE)
COLOUR_NAME = re.compile(r"[a-z][a-z_]{0,30}\Z")
ADDRESS = re.compile(r"http://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?/?")
READABLE = 4.5
"""The least contrast with white of a colour that carries text (WCAG 2.2, 1.4.3)."""


class Space(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One public space of a brand; its ``host`` says both which brand and which space. ``lands_on`` is the section that a sign-in opens
    (S0:139, S3:134, S4:59)."""

    key: str
    host: str
    title: str
    summary: str
    lands_on: str = "Accueil"


class GatewayBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[gateway]`` table: what the start page says of a brand."""

    tagline: str = ""
    spaces: tuple[Space, ...] = ()


EdgeBrand = Brand[GatewayBrand]


class Producer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who publishes payroll facts for some companies: ``token`` is the SHA-256 (hexadecimal) of the token it shows."""

    key: str
    name: str
    token: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    sirens: tuple[Annotated[str, msgspec.Meta(pattern="^[0-9]{9}$")], ...]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """``front_hosts`` show the start page and speak for the default brand; ``feed_key`` (``id``, ``public_key``) is the producers'.

    ``feed_token`` is that of the platform's own producer, which declares for every company; ``producers`` are the others.

    ``show_caught`` opens the demo's ``/_inbox``; ``logins`` is the JSON file of demo accounts that it shows.
    """

    mode: Mode = "production"
    brands: Path
    edge_secret: str
    feed_token: str
    feed_key: dict[str, str]
    producers: tuple[Producer, ...] = ()
    front_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    show_caught: bool = False
    logins: Path | None = None
    rung: str = "embedded"

    def __post_init__(self) -> None:
        if not self.edge_secret or not self.feed_token:
            raise BadConfiguration("La passerelle attend « edge_secret » et « feed_token » : l'un des deux est vide.")
        if self.mode == "production" and (self.show_caught or self.logins):
            raise BadConfiguration("La page « /_inbox » montre des codes : elle est refusée en production.")


class EdgeSettings(Settings, frozen=True, kw_only=True):
    """An edge in a process of its own: ``upstreams`` maps each service to its address, facts of producers go to ``broker_url``.

    ``front_secret`` is how nginx makes itself known: without one nobody is believed about a visitor's address. ``feed_private`` are the
    keys that open what producers seal, by id: without them sealed fields are not read at the door, only by those who listen.
    """

    upstreams: dict[str, str]
    broker_url: str
    front_secret: str = ""
    feed_private: dict[str, str] = {}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode == "production" and not self.front_secret:
            raise BadConfiguration("La passerelle attend « front_secret », que nginx partage avec elle : il est vide.")
        for service, address in self.upstreams.items():
            if not ADDRESS.fullmatch(address):
                raise BadConfiguration(f"« upstreams » : l'adresse de {service} n'est pas de la forme http://hôte:port.")


def brands(folder: Path) -> dict[str, EdgeBrand]:
    """The brands, by key. Raises ``BadConfiguration`` when a colour cannot be read, or cannot carry text."""
    found = read_brands(folder, "gateway", GatewayBrand)
    for key, brand in found.items():
        _check_colours(f"{folder / key}.toml [brand] colours", brand.identity.colours)
    return found


def default_brand(found: Mapping[str, EdgeBrand]) -> str:
    """The brand marked ``default``, else the first."""
    return next((key for key, brand in found.items() if brand.identity.default), next(iter(found)))


def contrast_with_white(colour: str) -> float:
    """The contrast ratio of ``#rrggbb`` on white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    luminance = sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)


def _check_colours(origin: str, colours: Mapping[str, str]) -> None:
    for name, colour in colours.items():
        if not COLOUR_NAME.match(name) or not COLOUR.match(colour):
            raise BadConfiguration(f"{origin} : « {name} = {colour} » n'est pas une couleur de la forme #0b4f6c.")
    if "brand" not in colours:
        raise BadConfiguration(f"{origin} : la couleur « brand » manque.")
    if (contrast := contrast_with_white(colours["brand"])) < READABLE:
        raise BadConfiguration(f"{origin} : le contraste de « brand » sur le blanc est de {contrast:.1f}, il en faut {READABLE}.")
