"""Blocks by tree: which block hangs under which, and one declaration's blocks as they grow line after line (cahier technique DSN, tree)."""

from collections.abc import Sequence

import msgspec

from feeds.dsn.lines import Flaw

HEADER, SENDER, TRAILER = "S10.G00.00", "S10.G00.01", "S90.G00.90"
DECLARATION, COMPANY, ESTABLISHMENT, ADHESION = "S20.G00.05", "S21.G00.06", "S21.G00.11", "S21.G00.15"
PERSON, PERSON_CHANGE, SENIORITY = "S21.G00.30", "S21.G00.31", "S21.G00.86"
CONTRACT, CONTRACT_CHANGE, CONTRACT_END, AFFILIATION = "S21.G00.40", "S21.G00.41", "S21.G00.62", "S21.G00.70"

READ = {
    *(DECLARATION, COMPANY, ESTABLISHMENT, ADHESION, PERSON, PERSON_CHANGE, SENIORITY),
    *(CONTRACT, CONTRACT_CHANGE, CONTRACT_END, AFFILIATION),
}
"""Blocks of a declaration whose values are read; of the others, only their place matters."""

CHILDREN = {
    "S20.G00.05": "S20.G00.07 S20.G00.96 S21.G00.06",
    "S21.G00.06": "S21.G00.11 S21.G00.85",
    "S21.G00.11": "S21.G00.12 S21.G00.15 S21.G00.20 S21.G00.22 S21.G00.30 S21.G00.44 S21.G00.82",
    "S21.G00.15": "S21.G00.16",
    "S21.G00.20": "S21.G00.55",
    "S21.G00.22": "S21.G00.23",
    "S21.G00.30": "S21.G00.31 S21.G00.34 S21.G00.40 S21.G00.50 S21.G00.86 S21.G00.98",
    "S21.G00.40": "S21.G00.41 S21.G00.60 S21.G00.62 S21.G00.65 S21.G00.70 S21.G00.71",
    "S21.G00.60": "S21.G00.66",
    "S21.G00.62": "S21.G00.63",
    "S21.G00.70": "S21.G00.73",
    "S21.G00.71": "S21.G00.72",
    "S21.G00.50": "S21.G00.51 S21.G00.52 S21.G00.54 S21.G00.56 S21.G00.58 S21.G00.78 S21.G00.83 S21.G00.95",
    "S21.G00.51": "S21.G00.53",
    "S21.G00.78": "S21.G00.79 S21.G00.81",
    "S21.G00.83": "S21.G00.84",
}
"""Blocks under each block. What is not named here is a block that we do not use: it is counted, and otherwise left alone."""

PARENT = {child: parent for parent, children in CHILDREN.items() for child in children.split()}

ALONE = {COMPANY, ESTABLISHMENT, CONTRACT_END}
"""Blocks that stand at most once under their parent."""


def _below(code: str) -> tuple[str, ...]:
    """The blocks, near or far under ``code``, that have others under them."""
    inner = [child for child in CHILDREN[code].split() if child in CHILDREN]
    return (*inner, *(deeper for child in inner for deeper in _below(child)))


BELOW = {code: _below(code) for code in CHILDREN}
WITHIN_PERSON = {PERSON, *(child for code in (PERSON, *BELOW[PERSON]) for child in CHILDREN[code].split())}
"""Blocks that hang, near or far, under a person, and a person's own."""


class Block(msgspec.Struct):
    """One instance of a block: its rubriques by number, each with its line's number and text, and the blocks under it."""

    code: str
    line: int
    lines: dict[str, tuple[int, str]] = {}
    children: dict[str, list["Block"]] = {}
    broken: bool = False
    """Whether a line of it is physically wrong."""

    def get(self, rubrique: str) -> str | None:
        """The value of a rubrique (``001``): ``None`` when it is not written, empty when its line is wrong."""
        line = self.lines.get(rubrique)
        return line[1][16:-1] if line else None

    def __getitem__(self, rubrique: str) -> str:
        return self.lines[rubrique][1][16:-1]

    def under(self, code: str) -> Sequence["Block"]:
        return self.children.get(code, ())

    def flaw(self, rubrique: str, reason: str) -> Flaw:
        """A flaw at the rubrique's own line, else at the block's first."""
        line = self.lines.get(rubrique)
        return Flaw(line[0] if line else self.line, f"{self.code}.{rubrique}", reason)


class Growth:
    """The blocks of one declaration while its lines arrive; people are not hung under the establishment, so that each can be let go."""

    def __init__(self) -> None:
        self.latest: dict[str, Block] = {}
        self.current = Block("", 0)
        self.loose = False
        """Whether the current block hangs nowhere."""

    def plant(self, code: str, line: int) -> Flaw | None:
        """Open the instance that begins at ``line``, under the nearest preceding parent."""
        self.current = block = Block(code, line)
        if code in BELOW:
            self.latest[code] = block
            for child in BELOW[code]:
                self.latest.pop(child, None)
        flaw = self._hang(block)
        self.loose = flaw is not None
        return flaw

    def _hang(self, block: Block) -> Flaw | None:
        parent = PARENT.get(block.code)
        if parent is None:
            return None
        above = self.latest.get(parent)
        if above is None:
            return Flaw(block.line, block.code, f"bloc sans bloc parent {parent}")
        if block.code in ALONE and above.under(block.code):
            return Flaw(block.line, block.code, f"bloc présent deux fois sous {parent}")
        if block.code != PERSON:
            above.children.setdefault(block.code, []).append(block)
        return None
