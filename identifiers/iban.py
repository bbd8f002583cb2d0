"""The bank account: IBAN with its international key and, for France, the key of the RIB inside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schwifty import IBAN

SHAPE = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

WRONG_SHAPE = "L'IBAN commence par deux lettres et deux chiffres ; en France il compte 27 caractères. Recopiez-le depuis votre RIB."
# The library's refusals, by the name of their class, and what to say.
REFUSALS = {
    "InvalidCountryCode": "Le pays de cet IBAN n'est pas reconnu : vérifiez les deux premières lettres.",
    "InvalidLength": "Cet IBAN n'a pas la bonne longueur : en France il compte 27 caractères.",
    "InvalidChecksumDigits": "Cet IBAN n'est pas valable : sa clé de contrôle ne correspond pas. Vérifiez chaque caractère.",
    "InvalidBBANChecksum": "Cet IBAN n'est pas valable : la clé du RIB ne correspond pas. Vérifiez chaque caractère.",
}


def parse(text: str) -> str:
    """The IBAN without spaces, in capitals, its two keys checked. Raises `ValueError` with a French sentence."""
    compact = "".join(text.split()).upper()
    if not SHAPE.fullmatch(compact):
        raise ValueError(WRONG_SHAPE)
    try:
        return str(_iban(compact, validate=True))
    except ValueError as refusal:
        raise ValueError(REFUSALS.get(type(refusal).__name__, WRONG_SHAPE)) from None


def bank_name(iban: str) -> str | None:
    """The bank to show back to the person, or `None` when its code is unknown."""
    return _iban(iban).bank_name


def masked(iban: str) -> str:
    """`FR76 •••• •••• •••• •••• •••• 189`: the country and the last three characters."""
    hidden = iban[:4] + "•" * (len(iban) - 7) + iban[-3:]
    return " ".join(hidden[start : start + 4] for start in range(0, len(hidden), 4))


def _iban(text: str, *, validate: bool = False) -> IBAN:
    from schwifty import IBAN  # loads the banks of all countries: 0.2 s that only those who need it pay

    return IBAN(text, allow_invalid=not validate, validate_bban=validate)
