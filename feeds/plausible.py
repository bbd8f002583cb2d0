"""What a value must look like whichever way it comes in (DSN, JSON lines, CSV): names, motives of an end, SIREN and SIRET."""

import re

LA_POSTE = "356000000"
LETTERS = "A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ"
NAME = re.compile(rf"['’]?[{LETTERS}0-9][{LETTERS}0-9 '’.,()/&-]*")
STRANGE_NAME = "nom avec un signe qui n'a rien à y faire (formule, balise ou accents mal encodés)"
"""A name begins with a letter: what begins with =, +, - or @ would run in somebody's spreadsheet, what holds < in somebody's page. The
bytes of UTF-8 read as ISO-8859-1 hold signs that no name has."""

_CODES = """
011 012 014 015 020 025 026 031 032 033 034 035 036 037 038 039 043 058 059 065 066 070 071 081 082 083 084 085 086 087
088 089 091 092 093 094 095 096 097 098 099 100 110 111 112 113 114 115 116 117 118 119 998 999
"""
MOTIVES = frozenset(_CODES.split())
"""S21.G00.62.002: the 54 codes of the cahier technique DSN, the same in 2025 and 2026."""


NIR = re.compile(r"(?!.*9{6}$)[12][0-9]{2}(?:0[1-9]|1[0-2]|20|3[0-9]|4[0-2]|[5-9][0-9])(?:0[1-9]|[1-9][0-9]|2[AB])[0-9]{6}")
"""Thirteen characters, without the key; numbers that end with six 9 are provisional."""
WRONG_NIR = "NIR ou NIA invalide (13 caractères, sans clé)"
WRONG_SIRET = "SIRET invalide (14 chiffres, clé de contrôle comprise)"
IN_CLEAR = "le numéro de contrat contient le NIR ou le NTT, qui ne doivent pas circuler en clair"


UNKNOWN_MOTIVE = "motif de rupture inconnu de la norme"


def motive_is_known(motive: str) -> bool:
    """Whether the norm has this motive; what is not made of three digits is no motive at all, and told otherwise."""
    return motive in MOTIVES or not re.fullmatch("[0-9]{3}", motive)


def name_is_right(name: str) -> bool:
    """Whether a family or first name is made of what names are made of."""
    return NAME.fullmatch(name) is not None


def is_siren(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{9}", value)) and value != "000000000" and luhn(value)


def is_siret(value: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{14}", value)) and not value.startswith("000000000") and siret_is_right(value)


def luhn(digits: str) -> bool:
    """The checksum of SIREN and SIRET."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def siret_is_right(siret: str) -> bool:
    """Luhn, or for La Poste's offices a sum of digits that five divides."""
    return luhn(siret) or (siret.startswith(LA_POSTE) and sum(map(int, siret)) % 5 == 0)
