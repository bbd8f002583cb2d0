"""Blocks by tree: which block hangs under which, and one declaration's blocks as they grow line after line (cahier technique DSN, tree)."""

from dataclasses import dataclass, field

from feeds.dsn.lines import Flaw, Line

HEADER, SENDER, TRAILER = "S10.G00.00", "S10.G00.01", "S90.G00.90"
DECLARATION, COMPANY, ESTABLISHMENT, ADHESION = "S20.G00.05", "S21.G00.06", "S21.G00.11", "S21.G00.15"
PERSON, PERSON_CHANGE, SENIORITY = "S21.G00.30", "S21.G00.31", "S21.G00.86"
CONTRACT, CONTRACT_CHANGE, CONTRACT_END, AFFILIATION = "S21.G00.40", "S21.G00.41", "S21.G00.62", "S21.G00.70"

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


@dataclass(slots=True)
class Block:
    """One instance of a block: its rubriques by number, and the blocks under it."""

    code: str
    line: int
    lines: dict[str, Line] = field(default_factory=dict)
    children: list["Block"] = field(default_factory=list)

    def get(self, rubrique: str) -> str | None:
        """The value of a rubrique (``001``), ``None`` when it is not written."""
        line = self.lines.get(rubrique)
        return line.value if line else None

    def __getitem__(self, rubrique: str) -> str:
        return self.lines[rubrique].value

    def under(self, code: str) -> list["Block"]:
        return [child for child in self.children if child.code == code]

    def flaw(self, rubrique: str, reason: str) -> Flaw:
        """A flaw at the rubrique's own line, else at the block's first."""
        line = self.lines.get(rubrique)
        return Flaw(line.number if line else self.line, f"{self.code}.{rubrique}", reason)


class Growth:
    """The blocks of one declaration while its lines arrive; people are not hung under the establishment, so that each can be let go."""

    def __init__(self) -> None:
        self.latest: dict[str, Block] = {}
        self._current: Block | None = None

    def plant(self, line: Line) -> Flaw | None:
        """Open the instance that ``line`` begins, under the nearest preceding parent."""
        self._current = block = Block(line.block, line.number)
        self._forget_below(line.block)
        self.latest[line.block] = block
        parent = PARENT.get(line.block)
        return self._hang(block, parent) if parent else None

    def add(self, line: Line) -> None:
        """A rubrique of the open instance."""
        if self._current is not None:
            self._current.lines[line.rubrique] = line

    def _forget_below(self, code: str) -> None:
        for child in CHILDREN.get(code, "").split():
            if self.latest.pop(child, None) is not None:
                self._forget_below(child)

    def _hang(self, block: Block, parent: str) -> Flaw | None:
        above = self.latest.get(parent)
        if above is None:
            return Flaw(block.line, block.code, f"bloc sans bloc parent {parent}")
        if block.code in ALONE and above.under(block.code):
            return Flaw(block.line, block.code, f"bloc présent deux fois sous {parent}")
        if block.code != PERSON:
            above.children.append(block)
        return None


def within_person(code: str) -> bool:
    """Whether a block hangs, near or far, under a person."""
    while code in PARENT:
        if code == PERSON:
            return True
        code = PARENT[code]
    return False
