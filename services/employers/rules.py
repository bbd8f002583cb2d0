"""Activation of an employer's space, as rules: what identifier is the same, who counts as one visitor, what a request becomes."""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Literal

from chassis.labels import _

Role = Literal["administrator", "user"]
State = Literal["waiting", "asked", "used", "wrong", "blocked", "already_active", "requested"]
"""``waiting`` for the worker, ``asked`` of identity, ``used`` by an account; ``requested`` of an administrator;
the other three went no further and the asker is not told."""

STATES: tuple[State, ...] = ("waiting", "asked", "used", "wrong", "blocked", "already_active", "requested")
HOLDS_PERSON: tuple[State, ...] = ("waiting", "asked")
"""The states in which a request keeps what the person typed; it is erased in all others."""

PAIR_WINDOW = timedelta(hours=24)
NETWORK_WINDOW = timedelta(hours=1)
KEPT_FOR = timedelta(days=60)
"""How long a request is kept: longer than any code lives, letters included."""

IDENTIFIER_MIN = 4
NAMED = 5
"""How many companies a mail of invitation names; the others are counted."""

SHUT_COMPANY, REOPEN_COMPANY = "shut_company", "reopen_company"
ACTS = {
    SHUT_COMPANY: _("Suspendre toutes les habilitations de l'entreprise"),
    REOPEN_COMPANY: _("Rendre leur accès aux administrateurs de l'entreprise"),
}
"""Acts that two caseworkers do together."""

ADMINISTRATOR: Role = "administrator"
USER: Role = "user"
ROLES: tuple[Role, ...] = (ADMINISTRATOR, USER)


@dataclass(frozen=True)
class Tries:
    """What one company has seen in the last 24 h: wrong pairs, codes that were asked for; and the wrong pairs of the account that asks."""

    wrong: int
    codes: int
    own: int = 0


def identifier(typed: str) -> str:
    """The identifier as it is compared: letters and digits, in capitals (a letter prints « 12 34-56 », people type 123456)."""
    return "".join(character for character in typed.upper() if character.isascii() and character.isalnum())


def network(address: str) -> str:
    """Who counts as one visitor: an IPv4 address, or the /64 of an IPv6 one, of which a single box has 2^64."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((read, 64), strict=False)) if isinstance(read, IPv6Address) else str(read)


def outcome(*, right: bool, active: bool, tries: Tries, wrong_limit: int, codes_limit: int, own_limit: int) -> State:
    """What a request becomes. Limits come first: a right pair found after too many wrong ones is worth nothing."""
    if tries.wrong >= wrong_limit or tries.codes >= codes_limit or tries.own >= own_limit:
        return "blocked"
    if not right:
        return "wrong"
    return "already_active" if active else "asked"


SHOWN = {
    "waiting": _("En cours de vérification"),
    "asked": _("Un code est parti au contact connu de l'entreprise : saisissez-le pour terminer"),
    "used": _("Ajoutée à votre périmètre"),
    "requested": _("Transmise aux administrateurs de l'entreprise"),
    "refused": _("Ces informations ne permettent pas d'ajouter cette entreprise. Vérifiez-les sur un courrier de votre assureur"),
}
"""What whoever asks for one more company is told: why a request went no further stays ours."""


def shown(state: str) -> str:
    """A state of a request as its asker sees it."""
    return state if state in SHOWN else "refused"
