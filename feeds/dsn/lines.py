"""The physical file: bytes to numbered lines ``Sxx.Gyy.zz.aaa,'value'``, each right or with its flaw (cahier technique DSN 3.4-3.5)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

LONGEST = 256
"""Characters of a line, its end not counted."""

MOST_FLAWS = 100
"""Flaws kept for one refusal: a hostile file must not fill the memory with its faults."""

BLANK = "ligne vide"
"""The fault of a line of spaces, or of nothing."""

CODE = re.compile(r"S[0-9]{2}\.G[0-9]{2}\.[0-9]{2}\.[0-9]{3}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

MEANING = re.compile(r"[^\W_]")
"""A letter or a digit, accents included: a value has at least one."""


class Readable(Protocol):
    """What is read: any binary stream that gives its lines with a limit."""

    def readline(self, limit: int = -1, /) -> bytes: ...


class Flaw(NamedTuple):
    """Why something is refused: line number in the file (from 1), rubrique when it is known, reason in French (never a value)."""

    line: int
    rubrique: str | None
    reason: str


@dataclass(slots=True)
class Flaws:
    """The first flaws found in one thing; ``more`` counts those that were not kept."""

    kept: list[Flaw]
    more: int = 0

    def add(self, flaw: Flaw) -> None:
        if len(self.kept) < MOST_FLAWS:
            self.kept.append(flaw)
        else:
            self.more += 1

    def __bool__(self) -> bool:
        return bool(self.kept)


class Line(NamedTuple):
    """One line: ``block`` (``S21.G00.30``) and ``rubrique`` (``001``) are empty when the code cannot be read."""

    number: int
    block: str
    rubrique: str
    value: str
    fault: str | None = None

    @property
    def code(self) -> str | None:
        return f"{self.block}.{self.rubrique}" if self.block else None

    @property
    def is_blank(self) -> bool:
        return self.fault == BLANK

    def flaw(self, reason: str) -> Flaw:
        return Flaw(self.number, self.code, reason)


def read_lines(stream: Readable) -> Iterator[Line]:
    """Every line of the stream in its order; memory holds one line, however long the file's lines are."""
    number = 0
    while raw := stream.readline(LONGEST + 2):
        number += 1
        complete = raw.endswith(b"\n")
        text = raw.removesuffix(b"\n").removesuffix(b"\r") if complete else raw
        if not complete:
            _skip_to_next(stream)
        yield _parsed(number, text.decode("latin-1"))


def _skip_to_next(stream: Readable) -> None:
    """Drop what follows of a line that is too long (nothing, when the file merely ends without a line end)."""
    while (rest := stream.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _parsed(number: int, text: str) -> Line:
    code, comma, quoted = text.partition(",")
    if not CODE.fullmatch(code):
        return Line(number, "", "", "", _what_is_wrong_before(text))
    block, rubrique = code[:10], code[11:]
    fault = _what_is_wrong(text, quoted) if comma else "virgule absente après le code de rubrique"
    # The value is not escaped: an apostrophe inside it is legal (O'CONNOR), so it ends at the last one.
    return Line(number, block, rubrique, "" if fault else quoted[1:-1], fault)


def _what_is_wrong_before(text: str) -> str:
    if not text.strip(" \t\r"):
        return _too_long(text) or BLANK
    return _too_long(text) or _control(text) or "code de rubrique illisible (attendu : Sxx.Gyy.zz.aaa)"


def _what_is_wrong(text: str, quoted: str) -> str | None:
    if reason := _too_long(text) or _control(text):
        return reason
    if len(quoted) < 2 or quoted[0] != "'" or quoted[-1] != "'":
        return "valeur sans apostrophe de début ou de fin"
    if quoted == "''":
        return "valeur vide : une rubrique sans valeur ne s'écrit pas"
    return None if MEANING.search(quoted) else "valeur faite seulement de ponctuation ou d'espaces"


def _too_long(text: str) -> str | None:
    return f"ligne de plus de {LONGEST} caractères" if len(text) > LONGEST else None


def _control(text: str) -> str | None:
    found = CONTROL.search(text)
    return found and f"caractère de contrôle interdit (0x{ord(found.group()):02X}) ; le fichier doit être en ISO-8859-1"
