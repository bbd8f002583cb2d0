"""Passwords: the rule of each brand's space over one platform floor, told criterion by criterion.

A password passes when it meets the length and classes of the brand, or counts at least fifteen characters of any kind; then it must not be
a common one nor contain what everybody knows of its owner (S0:92-96; CNIL 2022-100; NIST SP 800-63B-4; ASVS 6.2).
"""

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from chassis.labels import _

FLOOR_BITS = 50
"""CNIL 2022-100, with access restriction (lock at ten tries); the second factor comes on top."""
LONG_ENOUGH = 15
LONGEST = 128
SHORTEST_TOLD = 3
"""A name or a word shorter than this is no clue: refusing « li » would refuse half of the dictionary."""
ALPHABETS = {"upper": 26, "lower": 26, "digit": 10, "special": 33}
"""How many printable ASCII characters each class holds, for CNIL's formula; accents only add to it."""
CLASS_LABELS = {"upper": _("une majuscule"), "lower": _("une minuscule"), "digit": _("un chiffre"), "special": _("un caractère spécial")}


class Criterion(NamedTuple):
    """One thing a password must satisfy, with the words that say so."""

    key: str
    label: str


class Strength(NamedTuple):
    """How strong a password is, and what would make it stronger."""

    strength: str
    hint: str


STRENGTHS = (
    (80, Strength("strong", _("Ce mot de passe est solide."))),
    (FLOOR_BITS, Strength("good", _("Ce mot de passe convient. Quelques caractères de plus le rendraient plus solide."))),
    (0, Strength("weak", _("Allongez-le : une phrase de quatre mots qui n'ont rien à voir entre eux se retient bien et résiste mieux."))),
)
"""By bits (CNIL 2022-100): 80 for a password alone, 50 with a lock."""
UNCOMMON = Criterion("uncommon", _("Ne pas figurer parmi les mots de passe les plus courants"))
IMPERSONAL = Criterion("impersonal", _("Ne contenir ni votre nom, ni votre adresse e-mail, ni le nom du service"))
TOO_LONG = Criterion("max_length", _("{longest} caractères au plus").format(longest=LONGEST))


@dataclass(frozen=True)
class Policy:
    """A space's rule. Each group of ``groups`` lists classes of which one must be present; ``not_counted`` characters satisfy no class."""

    min_length: int
    groups: tuple[tuple[str, ...], ...]
    not_counted: str = ""
    forbidden: str = ""
    passphrase_length: int = LONG_ENOUGH

    @property
    def alphabet(self) -> int:
        """How many characters the rule draws from."""
        names = {name for group in self.groups for name in group}
        lost = sum(1 for character in set(self.not_counted + self.forbidden) if _class_of(character) in names)
        return max(sum(ALPHABETS[name] for name in names) - lost, 1)

    @property
    def bits(self) -> float:
        """What the rule guarantees by CNIL's formula, length x log2(alphabet) (a passphrase counts as lower case): the weaker way."""
        return min(self.min_length * math.log2(self.alphabet), self.passphrase_length * math.log2(ALPHABETS["lower"]))

    def prove(self) -> None:
        """Raise ``ValueError`` when the rule names an unknown class or guarantees less than the floor."""
        if unknown := {name for group in self.groups for name in group} - ALPHABETS.keys():
            raise ValueError(f"classe de caractères inconnue : {', '.join(sorted(unknown))}")
        if self.bits < FLOOR_BITS:
            raise ValueError(f"la règle de mot de passe garantit {self.bits:.1f} bits, le plancher est de {FLOOR_BITS} (CNIL 2022-100)")
        if max(self.min_length, self.passphrase_length) > LONGEST:
            raise ValueError(f"la règle de mot de passe dépasse {LONGEST} caractères")

    def criteria(self) -> list[Criterion]:
        """Everything the rule asks, in the order a person reads it."""
        forbidden = [self._forbidden()] if self.forbidden else []
        return [self._length(), *(_criterion(group) for group in self.groups), *forbidden, UNCOMMON, IMPERSONAL]

    def checked(self, password: str, known: Iterable[str]) -> list[tuple[Criterion, bool]]:
        """Everything the rule asks, each with whether ``password`` (already NFC) meets it."""
        missing = self.unmet(password, known)
        asked = self.criteria()
        return [(criterion, criterion not in missing) for criterion in asked + [one for one in missing if one not in asked]]

    def unmet(self, password: str, known: Iterable[str]) -> list[Criterion]:
        """What ``password`` (already NFC) lacks, ``known`` being what everybody knows of its owner; empty when it is accepted."""
        shape = [] if len(password) >= self.passphrase_length else self._unmet_shape(password)
        failed = (
            (set(password) & set(self.forbidden), self._forbidden()),
            (len(password) > LONGEST, TOO_LONG),
            (is_common(password), UNCOMMON),
            (_tells(password, known), IMPERSONAL),
        )
        return shape + [criterion for wrong, criterion in failed if wrong]

    def _unmet_shape(self, password: str) -> list[Criterion]:
        present = {_class_of(character) for character in password if character not in self.not_counted}
        length = [] if len(password) >= self.min_length else [self._length()]
        return length + [_criterion(group) for group in self.groups if not present & set(group)]

    def _length(self) -> Criterion:
        told = _("{length} caractères au moins (à partir de {long}, tous les mélanges sont acceptés)")
        return Criterion("min_length", told.format(length=self.min_length, long=self.passphrase_length))

    def _forbidden(self) -> Criterion:
        return Criterion("forbidden", _("Aucun de ces caractères : {characters}").format(characters=" ".join(self.forbidden)))


def normalised(password: str) -> str:
    """The password as it is hashed: composed once (NFC), never trimmed, never truncated."""
    return unicodedata.normalize("NFC", password)


def is_common(password: str) -> bool:
    """Whether the password, its accents, case, spaces and punctuation aside, is one that everybody tries first."""
    plain = folded(password)
    return not common().isdisjoint({plain, _bare(plain), _letters(plain)}) or len(set(plain)) <= 2


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The passwords tried first, French and international, folded; shipped with the service, so no lookup leaves the house."""
    text = resources.files("services.identity").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line)


def folded(text: str) -> str:
    """The form in which passwords and clues are compared: no case, no accent."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()


def strength(password: str) -> Strength:
    """How hard a password (already NFC) is to guess: its length x log2 of the alphabet it draws from, nothing when it is a common one."""
    alphabet = sum(ALPHABETS[name] for name in {_class_of(character) for character in password})
    bits = 0.0 if is_common(password) else len(password) * math.log2(max(alphabet, 1))
    return next(strength for least, strength in STRENGTHS if bits >= least)


def clues(first_name: str, last_name: str, email: str, *brand: str) -> set[str]:
    """What everybody knows of a person, folded: names and their longer parts, the e-mail's local part, the brand as a whole."""
    local = email.partition("@")[0]
    whole = {_letters(word) for word in (first_name, last_name, local, *brand)} | {folded(local)}
    parts = {part for word in (first_name, last_name, local) for part in _split(word) if len(part) > SHORTEST_TOLD}
    return {word for word in whole | parts if len(word) >= SHORTEST_TOLD}


def _tells(password: str, known: Iterable[str]) -> bool:
    plain, letters = folded(password), _letters(password)
    return any(clue in plain or clue in letters for clue in known)


def _class_of(character: str) -> str:
    if character.isdecimal():
        return "digit"
    if character.isalpha():
        return "upper" if character.isupper() else "lower"
    return "special"


def _criterion(group: tuple[str, ...]) -> Criterion:
    return Criterion("_or_".join(group), _(" ou ").join(CLASS_LABELS[name] for name in group))


def _bare(plain: str) -> str:
    return plain.strip("!?.,;:*#$@&+-_=/ €")


def _letters(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def _split(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in folded(text)).split()
