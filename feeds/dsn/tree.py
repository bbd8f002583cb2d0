"""Blocks by tree: which block hangs under which, and one declaration's blocks as they grow line after line (cahier technique DSN, tree)."""

from collections.abc import Sequence

import msgspec

from feeds.dsn.lines import Flaw, Flaws, Run

HEADER, SENDER, TRAILER = "S10.G00.00", "S10.G00.01", "S90.G00.90"
DECLARATION, COMPANY, ESTABLISHMENT, ADHESION = "S20.G00.05", "S21.G00.06", "S21.G00.11", "S21.G00.15"
PERSON, PERSON_CHANGE, SENIORITY = "S21.G00.30", "S21.G00.31", "S21.G00.86"
CONTRACT, CONTRACT_CHANGE, CONTRACT_END, AFFILIATION = "S21.G00.40", "S21.G00.41", "S21.G00.62", "S21.G00.70"

READ = {
    DECLARATION: "001 002 003 004 005 006 007 011",
    COMPANY: "001",
    ESTABLISHMENT: "001",
    ADHESION: "001 002 004 005",
    PERSON: "001 002 004 006 020",
    PERSON_CHANGE: "001 008 009 010 011",
    CONTRACT: "001 007 009",
    CONTRACT_CHANGE: "001 012 014 021",
    CONTRACT_END: "001 002 016",
    AFFILIATION: "004 005 012 013 014 015",
    SENIORITY: "001 002 003 005",
}
"""The blocks of a declaration whose values are read, and which; of the others, only the place matters."""

KEPT = {code: frozenset(rubriques.split()) for code, rubriques in READ.items()}
NOTHING: frozenset[str] = frozenset()

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
UNDER_PERSON = {child for code in (PERSON, *BELOW[PERSON]) for child in CHILDREN[code].split()}
"""Blocks that hang, near or far, under a person."""

LEAVES = {code: PARENT[code] for code in UNDER_PERSON - set(READ) - set(CHILDREN)}
"""Of them, those that are not read and have nothing under them, with the block that each hangs under."""


class Block(msgspec.Struct):
    """One instance of a block: its values by rubrique (empty where the line is wrong), the lines they stand on, and the blocks under it."""

    code: str
    line: int
    values: dict[str, str] = {}
    runs: list[Run] = []
    children: dict[str, list["Block"]] = {}

    def get(self, rubrique: str) -> str | None:
        """The value of a rubrique (``001``): ``None`` when it is not written, empty when its line is wrong."""
        return self.values.get(rubrique)

    def __getitem__(self, rubrique: str) -> str:
        return self.values[rubrique]

    def under(self, code: str) -> Sequence["Block"]:
        return self.children.get(code, ())

    def flaw(self, rubrique: str, reason: str) -> Flaw:
        """A flaw at the rubrique's own line, else at the block's first."""
        return Flaw(self._line_of(rubrique), f"{self.code}.{rubrique}", reason)

    def _line_of(self, rubrique: str) -> int:
        """Lines are only looked for when one of them is wrong; those of an instance go up, another one begins where they do not."""
        last = ""
        for line in (line for run in self.runs for line in run.apart() if line.number >= self.line):
            if line.rubrique <= last:
                break
            if line.rubrique == rubrique:
                return line.number
            last = line.rubrique
        return self.line


class Growth:
    """The blocks of one declaration while its lines arrive; people are not hung under the establishment, so that each can be let go."""

    def __init__(self, flaws: Flaws) -> None:
        self.latest: dict[str, Block] = {}
        self._flaws = flaws
        self._current = Block("", 0)
        self._loose = False
        """Whether the current block hangs nowhere."""
        self.broken = False
        """Whether a line of the last person is physically wrong: her values cannot be compared."""

    def take(self, run: Run, opens: bool) -> None:
        """Lines of one block; ``opens`` when the first begins a new instance of it."""
        if opens:
            self._plant(run.block, run.number)
        self.broken |= bool(run.fault and not self._loose)
        if run.block in READ or self._loose:
            self._fill(run)

    def person(self, runs: Sequence[Run]) -> Block:
        """The lines of one person, the first of them her own block's."""
        self.broken, last = False, runs[0]
        for run in runs:
            opens = run.block != last.block or run.rubrique <= last.last_rubrique
            above = self.latest.get(LEAVES.get(run.block, ""))
            if above and opens and not run.fault:
                self._current, self._loose = above, False  # its place is right, and nothing else of it matters
            else:
                self.take(run, opens)
            last = run
        return self.latest[PERSON]

    def _fill(self, run: Run) -> None:
        kept, block, last = KEPT.get(run.block, NOTHING), self._current, ""
        block.runs.append(run)
        for place, line in enumerate(run.text.split("\n")):
            rubrique = line[11:14]
            if rubrique <= last:
                block = self._plant(run.block, run.number + place)
                block.runs.append(run)
            if rubrique in kept:
                block.values[rubrique] = line[16:-1]
            last = rubrique

    def _plant(self, code: str, line: int) -> Block:
        """Open the instance that begins at ``line``, under the nearest preceding parent."""
        self._current = block = Block(code, line)
        if code in BELOW:
            self.latest[code] = block
            for child in BELOW[code]:
                self.latest.pop(child, None)
        reason = self._hang(block)
        self._loose = reason is not None
        if reason:
            self._flaws.add(Flaw(line, code, reason))
        return block

    def _hang(self, block: Block) -> str | None:
        parent = PARENT.get(block.code)
        if parent is None:
            return None
        above = self.latest.get(parent)
        if above is None:
            return f"bloc sans bloc parent {parent}"
        if block.code in ALONE and above.under(block.code):
            return f"bloc présent deux fois sous {parent}"
        if block.code in READ and block.code != PERSON:
            above.children.setdefault(block.code, []).append(block)
        return None
