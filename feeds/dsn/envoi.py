"""One envoi: header S10, declarations S20, trailer S90 whose counts must be right before anything of it is released."""

import re

from feeds.dsn.checks import VERSIONS, examine
from feeds.dsn.draft import Draft
from feeds.dsn.lines import Flaw, Flaws, Run
from feeds.dsn.tree import DECLARATION, HEADER, PERSON, SENDER, TRAILER, UNDER_PERSON, Block

TEST = "01"
NOTHING_DECLARED = "02"


class Envoi:
    """An envoi that begins at line ``line``; ``refused_by`` says why a lot sets it aside, when it does."""

    def __init__(self, line: int, refused_by: str | None = None) -> None:
        self.line = line
        self.flaws = Flaws([])
        self.drafts: list[Draft] = []
        self.declarations = 0
        self._blocks = {code: Block(code, line) for code in (HEADER, SENDER, TRAILER)}
        self._header, self._sender, self._trailer = self._blocks.values()
        self._rubriques = 0
        self._last: Run | None = None
        self._refused_by = refused_by
        if refused_by:
            self.flaws.add(Flaw(line, None, refused_by))

    @property
    def is_test(self) -> bool:
        return self._header.get("005") == TEST

    @property
    def is_empty(self) -> bool:
        return self._header.get("008") == NOTHING_DECLARED and not self.declarations

    @property
    def complete(self) -> bool:
        return "002" in self._trailer.values

    def ends_before(self, line: Run) -> bool:
        """Whether ``line`` begins another envoi, this one having lost its trailer."""
        return line.block == HEADER and self._opens(line) and not self._repeats(line)

    def take(self, run: Run) -> None:
        """More lines, right or wrong: both are counted. They come one by one outside the blocks of a declaration."""
        self._rubriques = run.number + run.size - self.line
        opens = self._opens(run)
        if run.block == DECLARATION and opens:
            self._begin_declaration(run.number)
        if run.fault:
            self._blamed(run).add(run.flaw(run.fault))
        if run.block:
            self._last = run
            self._place(run, opens)

    @property
    def person(self) -> list[Run]:
        """The lines of the person that the last line belongs to, for a reader to add to; empty when there is none."""
        last = self._last.block if self._last else ""
        within = self.drafts and not self._trailer.values and (last == PERSON or last in UNDER_PERSON)
        return self.drafts[-1].person if within else []

    def resume(self, last: Run) -> None:
        """The reader has added lines to the person; ``last`` ends them."""
        self._last = last

    def finish(self) -> None:
        """The envoi is over: check its header and its counts."""
        if self._last is None:  # stray lines only: their own faults say enough
            return
        if self.drafts:
            self.drafts[-1].finish()
        for block in (self._header, self._sender):
            for flaw in examine(block):
                self.flaws.add(flaw)
        self._compare("001", self._rubriques, "rubriques")
        self._compare("002", self.declarations, "déclarations")
        if not self.declarations and not self.is_empty and not self.flaws:
            self.flaws.add(Flaw(self.line, DECLARATION, "envoi sans déclaration"))

    def _opens(self, run: Run) -> bool:
        last = self._last
        return last is None or run.block != last.block or run.rubrique <= last.last_rubrique

    def _repeats(self, line: Run) -> bool:
        return self._last is not None and line.code == self._last.code

    @property
    def _skipped(self) -> bool:
        """Declarations of a test, of an unknown norm or of a rejected group are counted, not read."""
        return self._refused_by is not None or self.is_test or self._header.get("006") not in VERSIONS

    def _begin_declaration(self, line: int) -> None:
        self.declarations += 1
        if self.drafts:
            self.drafts[-1].finish()
        if not self._skipped:
            self.drafts.append(Draft(line))

    def _blamed(self, line: Run) -> Flaws:
        within = self.drafts and not self._trailer.values and not line.block.startswith(("S10", "S90"))
        return self.drafts[-1].flaws if within else self.flaws

    def _place(self, run: Run, opens: bool) -> None:
        if self._trailer.values and run.block != TRAILER:
            self._refuse(run, "rubrique après la fin de l'envoi (S90)")
        elif run.block.startswith(("S10", "S90")):
            self._place_around(run)
        else:
            self._place_in_declaration(run, opens)

    def _place_around(self, line: Run) -> None:
        if block := self._blocks.get(line.block):
            block.values.setdefault(line.rubrique, line.value)
            block.runs.append(line)
        if line.block != TRAILER and self.declarations:
            self._refuse(line, "rubrique d'en-tête après une déclaration")

    def _place_in_declaration(self, run: Run, opens: bool) -> None:
        if not run.block.startswith(("S20", "S21")):
            self._refuse(run, "bloc inconnu de la norme")
        elif not self.declarations:
            self._refuse(run, f"rubrique avant toute déclaration ({DECLARATION})")
        elif self.drafts:
            self.drafts[-1].take(run, opens)

    def _refuse(self, run: Run, reason: str) -> None:
        for line in run.apart():
            self.flaws.add(line.flaw(reason))

    def _compare(self, rubrique: str, counted: int, what: str) -> None:
        told = self._trailer.get(rubrique)
        if told is None:
            self.flaws.add(Flaw(self.line, f"{TRAILER}.{rubrique}", "envoi tronqué : fin d'envoi absente"))
        elif not re.fullmatch("[0-9]{1,9}", told) or int(told) != counted:
            self.flaws.add(self._trailer.flaw(rubrique, f"nombre de {what} faux : {counted} lue(s)"))
