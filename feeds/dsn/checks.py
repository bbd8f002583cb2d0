"""What one rubrique may hold: formats of the cahier technique, and which rubriques a block cannot do without.

Only what facts are drawn from is required: an insurer receives filtered files, and a rubrique that we do not use must refuse nobody.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from feeds import plausible
from feeds.dsn.lines import Flaw
from feeds.dsn.tree import Block

VERSIONS = ("P25V01", "P26V01", "P27V01")
NATURES = ("01", "04", "05", "07", "08", "09", "10")
TYPES = ("01", "02", "03", "04", "05")

REMEMBERED = 4_096
"""Dates that are read once: a file writes the same few thousand times."""


class Rule(NamedTuple):
    """What a value must be: a test of it, and the reason, in French, why one that fails is refused."""

    accepts: Callable[[str], object]
    reason: str


PARTLY_KNOWN_DATE = re.compile(r"(?:(?:00|99)(?:0[1-9]|1[0-2]|00|99)|(?:0[1-9]|[12][0-9]|3[01])(?:00|99))(?:19|20)[0-9]{2}")


@lru_cache(maxsize=REMEMBERED)
def day(text: str) -> date | None:
    """``JJMMAAAA`` as a date of the 20th or 21st century, ``None`` when it is not one."""
    if not re.fullmatch(r"[0-9]{4}(?:19|20)[0-9]{2}", text):
        return None
    try:
        return date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None


def like(pattern: str, reason: str) -> Rule:
    """The rule of a pattern, whole value."""
    return Rule(re.compile(pattern).fullmatch, reason)


def at_most(length: int) -> Rule:
    return like(f".{{1,{length}}}", f"valeur de plus de {length} caractères")


def one_of(values: tuple[str, ...], reason: str) -> Rule:
    return Rule(frozenset(values).__contains__, reason)


def _is_month(value: str) -> bool:
    return value.startswith("01") and day(value) is not None


@lru_cache(maxsize=REMEMBERED)
def _is_birth_date(value: str) -> bool:
    """Day and month may be unknown: 99, and 00 since 2026."""
    return bool(day(value) or PARTLY_KNOWN_DATE.fullmatch(value))


def _is_rank(value: str) -> bool:
    """05.006: the date and the order number of an earlier declaration, one after the other."""
    return bool(re.fullmatch(r"[0-9]{9,23}", value)) and day(value[:8]) is not None


A_DATE = Rule(day, "date invalide (attendu : JJMMAAAA)")
A_MONTH = Rule(_is_month, "mois invalide (attendu : 01MMAAAA)")
A_BIRTH_DATE = Rule(_is_birth_date, "date de naissance invalide (attendu : JJMMAAAA)")
A_SIREN = Rule(plausible.is_siren, "SIREN invalide (9 chiffres, clé de contrôle comprise)")
A_SIRET = Rule(plausible.is_siret, plausible.WRONG_SIRET)
A_NIR = like(f"{plausible.NIR.pattern}|[78].*", plausible.WRONG_NIR)
NOT_PROVISIONAL = like("[^78].*", "numéro provisoire (7 ou 8) refusé : déclarer le NIA")
"""7 and 8 are provisional numbers that the norm refuses, like numbers that end with six 9."""
A_NAME = Rule(plausible.name_is_right, f"{plausible.STRANGE_NAME} ; le fichier doit être en ISO-8859-1")
A_MOTIVE = Rule(plausible.motive_is_known, plausible.UNKNOWN_MOTIVE)
A_RANK = Rule(_is_rank, "identifiant de déclaration annulée invalide (attendu : JJMMAAAA puis numéro d'ordre)")

RULES: dict[str, Rule] = {
    "S10.G00.00.005": one_of(("01", "02"), "code essai-réel inconnu (01 essai, 02 réel)"),
    "S10.G00.00.006": one_of(VERSIONS, f"version de norme non prise en charge (acceptées : {', '.join(VERSIONS)})"),
    "S10.G00.00.008": one_of(("01", "02"), "type d'envoi inconnu (01 normal, 02 néant)"),
    "S10.G00.01.001": A_SIREN,
    "S10.G00.01.002": like("[0-9]{5}", "NIC invalide (5 chiffres)"),
    "S20.G00.05.001": one_of(NATURES, f"nature de déclaration inconnue (acceptées : {', '.join(NATURES)} ; la fin de contrat est 07)"),
    "S20.G00.05.002": one_of(TYPES, f"type de déclaration inconnu (acceptés : {', '.join(TYPES)})"),
    "S20.G00.05.003": like("[1-9][1-9]", "fraction invalide (attendu : numéro puis nombre de fractions)"),
    "S20.G00.05.004": like("[0-9]{1,15}", "numéro d'ordre invalide (1 à 15 chiffres)"),
    "S20.G00.05.005": A_MONTH,
    "S20.G00.05.006": A_RANK,
    "S20.G00.05.007": A_DATE,
    "S20.G00.05.011": like("0[1-7]", "déclencheur d'amorçage inconnu (01 à 07)"),
    "S21.G00.06.001": A_SIREN,
    "S21.G00.11.001": like("[0-9]{5}", "NIC invalide (5 chiffres)"),
    "S21.G00.15.001": at_most(30),
    "S21.G00.15.002": like("P[0-9]{4}|A[0-9A-Z]{5}|[0-9A-Z]{9}", "code organisme de prévoyance invalide"),
    "S21.G00.15.004": like("0[12]", "personnel couvert inconnu (01 oui, 02 non)"),
    "S21.G00.15.005": at_most(3),
    "S21.G00.30.001": A_NIR,
    "S21.G00.30.002": A_NAME,
    "S21.G00.30.004": A_NAME,
    "S21.G00.30.006": A_BIRTH_DATE,
    "S21.G00.30.020": like("[12][0-9]{9}[^ ]{1,30}", "NTT invalide (sexe, SIREN puis identifiant, sans espace)"),
    "S21.G00.31.001": A_DATE,
    "S21.G00.31.008": A_NIR,
    "S21.G00.31.009": A_NAME,
    "S21.G00.31.010": A_NAME,
    "S21.G00.31.011": A_BIRTH_DATE,
    "S21.G00.40.001": A_DATE,
    "S21.G00.40.007": like("[0-9]{2}", "nature de contrat invalide (2 chiffres)"),
    "S21.G00.40.009": at_most(20),
    "S21.G00.41.001": A_DATE,
    "S21.G00.41.012": A_SIRET,
    "S21.G00.41.014": at_most(20),
    "S21.G00.41.021": A_DATE,
    "S21.G00.62.001": A_DATE,
    "S21.G00.62.002": like("[0-9]{3}", "motif de rupture invalide (3 chiffres)"),
    "S21.G00.62.016": like("0[1-9]", "code de maintien de l'affiliation invalide"),
    "S21.G00.70.004": at_most(30),
    "S21.G00.70.005": at_most(30),
    "S21.G00.70.012": at_most(3),
    "S21.G00.70.013": at_most(3),
    "S21.G00.70.014": A_DATE,
    "S21.G00.70.015": A_DATE,
    "S21.G00.86.001": like("[0-9]{2}", "type d'ancienneté invalide (2 chiffres)"),
    "S21.G00.86.002": like("0[123]", "unité d'ancienneté inconnue (01 jours, 02 mois, 03 années)"),
    "S21.G00.86.003": like(r"[0-9]{1,5}(?:\.[0-9]{1,2})?", "ancienneté invalide (nombre attendu)"),
}

ALSO = {code: NOT_PROVISIONAL for code, rule in RULES.items() if rule is A_NIR} | {
    "S21.G00.62.002": A_MOTIVE,
    **{code: at_most(80) for code, rule in RULES.items() if rule is A_NAME},
}
"""A second rule, which says better why."""

REQUIRED = {
    "S10.G00.00": ("005", "006", "008"),
    "S20.G00.05": ("001", "002", "003", "004", "007"),
    "S21.G00.06": ("001",),
    "S21.G00.11": ("001",),
    "S21.G00.15": ("001", "002", "005"),
    "S21.G00.30": ("002", "004", "006"),
    "S21.G00.31": ("001",),
    "S21.G00.40": ("001", "009"),
    "S21.G00.41": ("001",),
    "S21.G00.62": ("001", "002"),
    "S21.G00.70": ("012", "013"),
    "S21.G00.86": ("001", "002", "003"),
}


RULES_OF = {
    block: [(code[11:], *rule) for code, rule in (*RULES.items(), *ALSO.items()) if code.startswith(block)]
    for block in {code[:10] for code in RULES}
}
"""Rubrique, test and reason, block by block."""


def examine(block: Block) -> Iterator[Flaw]:
    """The flaws of a block's own rubriques; a line that is physically wrong was told before and is not told twice."""
    values = block.values
    for rubrique in REQUIRED.get(block.code, ()):
        if rubrique not in values:
            yield Flaw(block.line, f"{block.code}.{rubrique}", "rubrique obligatoire absente")
    for rubrique, accepts, reason in RULES_OF.get(block.code, ()):
        value = values.get(rubrique)
        if value and not accepts(value):
            yield block.flaw(rubrique, reason)


def examine_all(block: Block) -> Iterator[Flaw]:
    """The flaws of a block and of everything under it."""
    yield from examine(block)
    for children in block.children.values():
        for child in children:
            yield from examine_all(child)
