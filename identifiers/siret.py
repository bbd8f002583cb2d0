"""The numbers of a company (SIREN, nine digits) and of its establishments (SIRET: the SIREN and five more)."""

from __future__ import annotations

import re

from stdnum import luhn

LA_POSTE = "356000000"
LA_POSTE_HEAD_OFFICE = "35600000000048"

WRONG_SIREN = "Le SIREN compte 9 chiffres."
UNKNOWN_SIREN = "Ce SIREN n'est pas valable : vérifiez les chiffres saisis."
WRONG_SIRET = "Le SIRET compte 14 chiffres."
UNKNOWN_SIRET = "Ce SIRET n'est pas valable : vérifiez les chiffres saisis."


def parse(text: str) -> str:
    """The fourteen digits of a SIRET; spaces are accepted."""
    siret = _digits(text, 14, WRONG_SIRET)
    if not (_holds(siret[:9]) and _holds_siret(siret)):
        raise ValueError(UNKNOWN_SIRET)
    return siret


def parse_siren(text: str) -> str:
    """The nine digits of a SIREN; spaces are accepted."""
    siren = _digits(text, 9, WRONG_SIREN)
    if not _holds(siren):
        raise ValueError(UNKNOWN_SIREN)
    return siren


def siren_of(siret: str) -> str:
    """The company of an establishment."""
    return siret[:9]


def of(siren: str, place: str) -> str:
    """The SIRET of a company's place, whose number has four digits: `of("732829320", "0007") == "73282932000074"`; the key is added."""
    body = siren + place
    return body + str(luhn.calc_check_digit(body))


def _digits(text: str, length: int, refusal: str) -> str:
    digits = "".join(text.split())
    if not re.fullmatch(rf"[0-9]{{{length}}}", digits):
        raise ValueError(refusal)
    return digits


def _holds(number: str) -> bool:
    """Luhn's check; nothing but zeros passes it and is nobody."""
    return int(number) != 0 and bool(luhn.is_valid(number))


def _holds_siret(siret: str) -> bool:
    """La Poste has more establishments than Luhn's check leaves room for: the sum of their digits is a multiple of five instead."""
    if siren_of(siret) == LA_POSTE and siret != LA_POSTE_HEAD_OFFICE:
        return sum(map(int, siret)) % 5 == 0
    return _holds(siret)
