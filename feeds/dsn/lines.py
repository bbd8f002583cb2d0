"""The physical file: bytes to runs of numbered lines ``Sxx.Gyy.zz.aaa,'value'``, right or with their flaw (cahier technique DSN 3.4-3.5).

Good lines of one block that follow one another come as one piece, taken by one regular expression: a file of a gigabyte is read at a
few times the cost of cutting its lines. Only a line that the expression does not accept is looked at by itself.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec

LONGEST = 256
"""Characters of a line, its end not counted."""

MOST_FLAWS = 100
"""Flaws kept for one refusal: a hostile file must not fill the memory with its faults."""

CHUNK = 1 << 16
"""Bytes read at once."""

ENDLESS = 1 << 20
"""Bytes without a line end after which nothing more is read: no DSN goes on like that."""

BLANK = "ligne vide"
"""The fault of a line of spaces, or of nothing."""

CODE = re.compile(r"S[0-9]{2}\.G[0-9]{2}\.[0-9]{2}\.[0-9]{3}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

MEANING = re.compile(r"[^\W_]")
"""A letter or a digit, accents included: a value has at least one."""

# A value that begins by what it must hold, and a line of 256 characters at most: nearly all of them.
_REST = r"\.[0-9]{3},'[^\W_][ -~\xa0-\xff]{0,238}'\n"
GOOD = re.compile(rf"(S[0-9]{{2}}\.G[0-9]{{2}}\.[0-9]{{2}}){_REST}(?:\1{_REST})*+")
"""Good lines of one block."""


class Readable(Protocol):
    """What is read: any binary stream."""

    def read(self, size: int = -1, /) -> bytes: ...


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


class Run(msgspec.Struct, frozen=True, gc=False):
    """Good lines of one block, or one line by itself with its ``fault`` when it has one.

    ``number`` is the first line's, ``size`` how many there are, ``text`` the lines without the last line end; ``block`` (``S21.G00.30``) is
    empty when the code cannot be read. The text of a faulty line is its code alone: a wrong value goes nowhere.
    """

    number: int
    block: str
    text: str
    size: int = 1
    fault: str | None = None

    @property
    def rubrique(self) -> str:
        """The number of the first line's rubrique (``001``)."""
        return self.text[11:14]

    @property
    def last_rubrique(self) -> str:
        return self.text[self.text.rfind("\n") + 12 :][:3]

    @property
    def value(self) -> str:
        """The value of a run of one line."""
        return self.text[16:-1]

    @property
    def code(self) -> str | None:
        return self.text[:14] or None

    @property
    def is_blank(self) -> bool:
        return self.fault == BLANK

    def instances(self) -> "Iterable[Run]":
        """The same lines, cut where a rubrique does not follow the one before: each begins another instance of the block."""
        lines = self.text.split("\n")
        cuts = [place for place in range(1, self.size) if lines[place][11:14] <= lines[place - 1][11:14]]
        if not cuts:
            return (self,)
        return (
            Run(self.number + begin, self.block, "\n".join(lines[begin:end]), end - begin) for begin, end in pairwise([0, *cuts, self.size])
        )

    def apart(self) -> "Iterator[Run]":
        """The same lines one by one."""
        if self.size == 1:
            yield self
            return
        for number, line in enumerate(self.text.split("\n"), self.number):
            yield Run(number, self.block, line)

    def flaw(self, reason: str) -> Flaw:
        return Flaw(self.number, self.code, reason)


def read_runs(stream: Readable) -> Iterator[Run]:
    """Every line of the stream in its order; memory holds one chunk, however long the file's lines are."""
    number = 1
    for text in _whole_lines(stream):
        at = 0
        while at < len(text):
            if good := GOOD.match(text, at):
                end = good.end()
                run = Run(number, good[1], text[at : end - 1], text.count("\n", at, end))
            else:
                end = text.index("\n", at) + 1
                run = _examined(number, text[at : end - 1])
            yield run
            at, number = end, number + run.size


def read_lines(stream: Readable) -> Iterator[Run]:
    """The same, line by line."""
    for run in read_runs(stream):
        yield from run.apart()


def _whole_lines(stream: Readable) -> Iterator[str]:
    """Texts that end with a line end, whatever ends the lines of the file; of a line that is too long, the beginning is enough."""
    rest, unended = b"", 0
    while unended < ENDLESS and (chunk := stream.read(CHUNK)):
        lines, end, begun = chunk.rpartition(b"\n")
        unended = len(begun) if end else unended + len(begun)
        if end:
            yield _decoded(rest + lines + end)
            rest = b""
        rest = (rest + begun)[: LONGEST + 2]
    if rest:
        yield _decoded(rest) + "\n"


def _decoded(content: bytes) -> str:
    return content.decode("latin-1").replace("\r\n", "\n")


def _examined(number: int, text: str) -> Run:
    """One line that is not plainly good."""
    code, comma, quoted = text.partition(",")
    if not CODE.fullmatch(code):
        return Run(number, "", "", fault=_what_is_wrong_before(text))
    # The value is not escaped: an apostrophe inside it is legal (O'CONNOR), so it ends at the last one.
    fault = _what_is_wrong(text, quoted) if comma else "virgule absente après le code de rubrique"
    return Run(number, code[:10], code if fault else text, fault=fault)


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
