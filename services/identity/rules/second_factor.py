"""When a second factor is asked: one decision, its reason, and how to avoid it next time (S0:120-126, S1:112-118)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from chassis.labels import _

TRUST = timedelta(days=90)
"""« À partir de 3 mois » without connection, a device is a stranger again."""
HOLD = timedelta(hours=24)
"""After a phone was enrolled with an e-mailed code alone, sensitive acts wait that long."""
PREFIXES = {4: 24, 6: 48}
"""An address counts as the same while its network does: a box that restarts changes only the end."""
NO_NETWORK = ""
SENT = frozenset({"sms", "email"})
"""Channels by which a code is sent; the others are at hand already."""
FACTORS = ("code", "totp", "recovery")


@dataclass(frozen=True)
class Trigger:
    """Why a second factor is asked, in the words of the person it is asked from."""

    key: str
    why: str
    avoid: str

    @property
    def explanation(self) -> str:
        return f"{self.why} {self.avoid}"


NEW_BROWSER = Trigger(
    "new_browser",
    _("Vous vous connectez depuis un navigateur que nous ne connaissons pas."),
    _("Pour ne plus recevoir de code ici, cochez « Faire confiance à cet appareil » et ne supprimez pas les cookies de ce site."),
)
NEW_NETWORK = Trigger(
    "new_network",
    _("Vous vous connectez depuis un autre réseau (changement de box ou de wifi)."),
    _("Tant que vous restez sur ce réseau avec cet appareil, aucun code ne vous sera demandé."),
)
LONG_ABSENCE = Trigger(
    "long_absence",
    _("Vous ne vous êtes pas connecté depuis plus de trois mois sur cet appareil."),
    _("Une connexion au moins tous les trois mois évite cette vérification."),
)
TOTP = Trigger(
    "totp",
    _("Votre profil donne accès aux données de nombreuses personnes : un code de votre application est demandé à chaque connexion."),
    _("Cette vérification ne peut pas être évitée."),
)

TRIGGERS = {trigger.key: trigger for trigger in (NEW_BROWSER, NEW_NETWORK, LONG_ABSENCE, TOTP)}


@dataclass(frozen=True)
class KnownDevice:
    """What is remembered of a device whose token was shown."""

    network: str
    last_seen_at: datetime


def trigger(kind: str, device: KnownDevice | None, network: str, now: datetime, trust: timedelta = TRUST) -> Trigger | None:
    """Why a second factor is needed after a right password; ``None`` when this device, here, today, needs none."""
    if kind == "caseworker":
        return TOTP
    if device is None:
        return NEW_BROWSER
    if now - device.last_seen_at > trust:
        return LONG_ABSENCE
    if network == NO_NETWORK or network != device.network:
        return NEW_NETWORK
    return None


def network(address: str) -> str:
    """The network prefix of an IP address (/24, /48 in IPv6); empty for what is not an address, which matches nothing."""
    try:
        found = ip_address(address.strip())
    except ValueError:
        return NO_NETWORK
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network(f"{found}/{PREFIXES[found.version]}", strict=False))


def masked(network: str) -> str:
    """A network as its owner recognises it and nobody finds it: ``192.0.2.•``, ``2001:db8:1:•``."""
    start, _slash, _length = network.partition("/")
    return f"{start.removesuffix('.0').removesuffix('::')}{':' if ':' in start else '.'}•" if start else ""


def channels(kind: str, *, has_phone: bool, email_codes: bool, has_totp: bool = False) -> tuple[str, ...]:
    """Where the second factor of a sign-in may come from; only those of ``SENT`` are asked for.

    Without a phone on file the e-mail comes first (see ``needs_phone``); an application leaves it out, as it would weaken it.
    """
    if kind == "caseworker":
        return ("totp",)
    if has_totp:
        return ("totp", "sms", "recovery") if has_phone else ("totp", "recovery")
    if not has_phone:
        return ("email",)
    return ("sms", "email") if email_codes else ("sms",)


def usual_factor(kind: str) -> str:
    """What is given when nobody says otherwise: a code that was sent, or for caseworkers their application's."""
    return "totp" if kind == "caseworker" else "code"


def needs_phone(kind: str, *, has_phone: bool, email_codes: bool, has_totp: bool = False) -> bool:
    """Whether the e-mailed code is only a first step: « indiquer son numéro » alone would be a way around the second factor."""
    return kind != "caseworker" and not has_phone and not email_codes and not has_totp
