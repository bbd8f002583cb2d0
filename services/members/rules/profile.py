"""How complete a member's profile is, what is missing and why it matters (S3:125-131)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.labels import _


@dataclass(frozen=True)
class Expected:
    """Something that a profile holds: its name for programs and for people, and what it is for."""

    field: str
    label: str
    why: str


EXPECTED = (
    Expected("email", _("Adresse e-mail"), _("Pour ouvrir votre espace et être prévenu d'un nouveau remboursement.")),
    Expected("phone", _("Téléphone mobile"), _("Pour recevoir vos codes de sécurité et le suivi de vos demandes.")),
    Expected("address", _("Adresse postale"), _("Pour recevoir vos courriers.")),
    Expected("iban", _("RIB"), _("Pour que vos remboursements vous soient versés.")),
)


@dataclass(frozen=True)
class Profile:
    """``percent`` of what is expected, and what is missing."""

    percent: int
    missing: tuple[Expected, ...]


def profile(known: Mapping[str, Any]) -> Profile:
    """The profile of somebody of whom these fields are known."""
    missing = tuple(one for one in EXPECTED if not known.get(one.field))
    return Profile(100 * (len(EXPECTED) - len(missing)) // len(EXPECTED), missing)
