"""The social security number (NIR): thirteen characters and a key of two digits.

Sources: DSN technical book, control of S21.G00.30.001 (month, department and forbidden numbers); key = 97 − (number mod 97), where the
Corsican departments 2A and 2B count as 19 and 18. First digit: 1 and 2 are definitive, 3 and 4 are given to foreigners being registered,
7 and 8 are provisional.
"""

from __future__ import annotations

import re
from datetime import date

# sex, year, month (real 01-12 or fictive when the birth month is unknown), department, commune, order
SHAPE = re.compile(r"[1-4][0-9]{2}(0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9])(0[1-9]|[1-9][0-9]|2[AB])[0-9]{6}", re.ASCII)
CHARACTERS = re.compile(r"[0-9]{5}[0-9][0-9AB][0-9]{8}", re.ASCII)
NINES = "999999"  # more than five nines at the end: a number made up to fill a form
CORSICA = {"2A": "19", "2B": "18"}

# A department in a number, and the years of birth that may bear it.
TERRITORIES = {
    "2A": (1976, 9999),
    "2B": (1976, 9999),
    "20": (0, 1975),
    "96": (0, 1967),
}

WRONG_SHAPE = "Le numéro de sécurité sociale compte 15 caractères : 13 chiffres (ou 2A, 2B pour la Corse) puis la clé de 2 chiffres."
KEY_MISSING = "Il manque la clé : ajoutez les 2 derniers chiffres du numéro de sécurité sociale."
PROVISIONAL = (
    "Ce numéro est provisoire (il commence par 7 ou 8) : indiquez le numéro de sécurité sociale définitif ou le numéro d'attente (NIA)."
)
WRONG_PART = "Ce numéro de sécurité sociale n'existe pas : le sexe, le mois ou le département de naissance est impossible."
WRONG_KEY = "La clé ne correspond pas au numéro de sécurité sociale : vérifiez la saisie."
INVENTED = "Ce numéro de sécurité sociale n'est pas attribué : indiquez le vôtre."
WRONG_YEAR = "L'année de naissance ne correspond pas au numéro de sécurité sociale."
WRONG_TERRITORY = "Le département de naissance du numéro de sécurité sociale n'existait pas cette année-là."


def parse(text: str) -> str:
    """The fifteen characters, key included; spaces are accepted. Raises `ValueError` with a French sentence."""
    number = "".join(text.split()).upper()
    if len(number) == 13 and CHARACTERS.fullmatch(number + "00"):
        raise ValueError(KEY_MISSING)
    if not CHARACTERS.fullmatch(number):
        raise ValueError(WRONG_SHAPE)
    check_body(number[:13])
    if key_of(number[:13]) != number[13:]:
        raise ValueError(WRONG_KEY)
    return number


def check_body(body: str) -> None:
    """Refuse thirteen characters that no authority gives out, with a French sentence (a DSN carries the number without its key)."""
    if body[:1] in ("7", "8"):
        raise ValueError(PROVISIONAL)
    if not SHAPE.fullmatch(body):
        raise ValueError(WRONG_PART)
    if body.endswith(NINES):
        raise ValueError(INVENTED)


def key_of(nir13: str) -> str:
    """The two digits of the key of a number without its key: `key_of("2800475999005") == "31"`."""
    department = nir13[5:7]
    number = int(nir13[:5] + CORSICA.get(department, department) + nir13[7:])
    return f"{97 - number % 97:02d}"


def check_birth(nir: str, birth_on: date) -> None:
    """Refuse a number that does not agree with the birth date: its year, and a department that did not exist then (S21.G00.30.001)."""
    if int(nir[1:3]) != birth_on.year % 100:
        raise ValueError(WRONG_YEAR)
    first, last = TERRITORIES.get(nir[5:7], (0, 9999))
    if not first <= birth_on.year <= last:
        raise ValueError(WRONG_TERRITORY)


def masked(nir: str) -> str:
    """What a screen shows by default: enough to recognise one's own number, not to use another's."""
    return f"{nir[0]} {nir[1:3]} •• •• ••• ••• ••"


def spaced(nir: str) -> str:
    """The printed form: `2 80 04 75 999 005 31`."""
    return " ".join((nir[0], nir[1:3], nir[3:5], nir[5:7], nir[7:10], nir[10:13], nir[13:]))
