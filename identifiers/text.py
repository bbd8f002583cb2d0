"""What people type: names and free text without invisible traps, and the accent-free form that search columns hold."""

from __future__ import annotations

import unicodedata

NAME_MAX = 80  # characters: the length of a DSN name (S21.G00.30.002)

# Unicode categories that no eye sees and that end in a log, a mail header or PostgreSQL's refusal: controls (NUL among them), direction
# marks, lone surrogates, private and unassigned characters.
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
JOINERS = {"\u200c", "\u200d"}  # invisible too, but some scripts and emoji are spelt with them
LINE_BREAKS = {"\n", "\t"}
SPELT_OUT = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})

EMPTY = "Ce champ ne peut pas être vide."
FORBIDDEN = "Ce texte contient un caractère invisible ou de contrôle : saisissez-le à nouveau au clavier."
NAMELESS = "Un nom contient au moins une lettre."


def parse(text: str) -> str:
    """A person's name: visible characters, at least one letter, spaces folded, at most 80 characters."""
    name = " ".join(_visible(text.strip()).split())
    _measure(name, NAME_MAX)
    if not any(character.isalpha() for character in name):
        raise ValueError(NAMELESS)
    return name


def parse_line(text: str, maximum: int) -> str:
    """One line of at most `maximum` characters, such as an address line or a subject."""
    return _measure(" ".join(_visible(text.strip()).split()), maximum)


def parse_free(text: str, maximum: int) -> str:
    """Several lines of at most `maximum` characters in all; every line break becomes a line feed."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _measure(_visible(unified, allowed=LINE_BREAKS | JOINERS), maximum)


def folded(text: str) -> str:
    """The form that search compares: no case, no accent, no hyphen (`folded("Hélène O’Connor-Lœuil") == "helene o connor loeuil"`)."""
    spelt = text.lower() if text.isascii() else _bare(text).casefold().translate(SPELT_OUT)
    if spelt.isalnum():
        return spelt
    return " ".join("".join(character if character.isalnum() else " " for character in spelt).split())


def _bare(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character))


def _visible(text: str, allowed: set[str] = JOINERS) -> str:
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text)
    if any(unicodedata.category(character) in INVISIBLE and character not in allowed for character in composed):
        raise ValueError(FORBIDDEN)
    return composed


def _measure(text: str, maximum: int) -> str:
    if not text:
        raise ValueError(EMPTY)
    if len(text) > maximum:
        raise ValueError(f"Ce texte est trop long : {maximum} caractères au plus.")
    return text
