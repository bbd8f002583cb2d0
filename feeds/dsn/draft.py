"""One declaration in the making: lines in, flaws and facts out; one person is held at a time, facts until the counts are right."""

from collections.abc import Iterable

from events.dsn import Declaration, DeclarationTaken
from events.fact import Fact
from feeds.dsn import coherence, signals
from feeds.dsn.checks import examine, examine_all
from feeds.dsn.lines import Flaw, Flaws, Run
from feeds.dsn.tree import ADHESION, COMPANY, DECLARATION, ESTABLISHMENT, PERSON, UNDER_PERSON, Block, Growth


class Draft:
    """A declaration that begins at line ``line``. Without flaws after ``finish``, ``declaration`` and ``facts`` are what it tells."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.flaws = Flaws([])
        self.declaration: Declaration | None = None
        self.facts: list[Fact] = []
        self.lines: list[int] = []
        """Where each fact is told: the line of its person, else of the declaration."""
        self.person: list[Run] = []
        """The lines of the open person, for a reader to add to; empty when nobody is open."""
        self._growth = Growth(self.flaws)
        self._root: Block | None = None
        self._adhesions: coherence.Adhesions = {}
        self._settled = False
        self._individuals = 0
        self._nirs: set[str] = set()

    def take(self, run: Run, opens: bool) -> None:
        """More lines of one block; ``opens`` when the first begins a new instance of it."""
        for part in run.instances():
            self._take(part, opens)
            opens = True

    def finish(self) -> None:
        """The last line was given: check what needs the whole, and say that the declaration was taken."""
        self._let_go()
        self._settle()
        if self.declaration is None or self._root is None:
            return
        for flaw in coherence.count_flaws(self.declaration, self._root, self._individuals):
            self.flaws.add(flaw)
        self._add(self.line, (DeclarationTaken(declaration=self.declaration, individuals=self._individuals, facts=len(self.facts)),))

    def _take(self, run: Run, opens: bool) -> None:
        if run.block == PERSON and opens:
            self._let_go()
            self._settle()
            self.person.append(run)
        elif self.person and (run.block == PERSON or run.block in UNDER_PERSON):
            self.person.append(run)
        else:
            self._take_outside(run, opens)

    def _take_outside(self, run: Run, opens: bool) -> None:
        if opens:
            self._let_go()
        if opens and run.block == ADHESION and self._settled:
            self.flaws.add(run.flaw("adhésion placée après un individu"))
        self._growth.take(run, opens)

    def _settle(self) -> None:
        """Read the heading, once: at the first person, or at the end."""
        if self._settled:
            return
        self._settled = True
        self._root, company, establishment = (self._growth.latest.get(code) for code in (DECLARATION, COMPANY, ESTABLISHMENT))
        if self._root is None or company is None or establishment is None:
            self.flaws.add(Flaw(self.line, None, f"entreprise ({COMPANY}) ou établissement ({ESTABLISHMENT}) absent"))
        elif self._is_right(self._root, company, establishment):
            self.declaration = signals.heading(self._root, company, establishment)
            self._add(self.line, signals.told_by_establishment(self.declaration, self._adhesions))

    def _is_right(self, root: Block, company: Block, establishment: Block) -> bool:
        adhesions = establishment.under(ADHESION)
        for block in (root, company, establishment, *adhesions):
            self._note(examine(block))
        if not self.flaws:
            self._note(coherence.heading_flaws(root, company, establishment))
            self._note(coherence.adhesion_flaws(adhesions))
        self._adhesions = {adhesion["005"]: adhesion for adhesion in adhesions if adhesion.get("005")}
        return not self.flaws

    def _let_go(self) -> None:
        """The open person is whole: check, tell, forget."""
        runs, self.person = self.person, []
        if not runs:
            return
        person = self._growth.person(runs)
        self._individuals += 1
        if self.declaration and self.declaration.nature in signals.TELLING:
            self._tell(self.declaration, person)

    def _tell(self, declaration: Declaration, person: Block) -> None:
        before = len(self.flaws.kept) + self.flaws.more
        self._note(examine_all(person))
        if len(self.flaws.kept) + self.flaws.more > before or self._growth.broken:
            return
        self._note(coherence.person_flaws(declaration, self._adhesions, person))
        self._note_repeated(person)
        if self.flaws:
            self.facts.clear()
            self.lines.clear()
        elif self._root:
            self._add(person.line, signals.told_by_person(declaration, self._root, self._adhesions, person))

    def _add(self, line: int, told: Iterable[Fact]) -> None:
        self.facts.extend(told)
        self.lines.extend([line] * (len(self.facts) - len(self.lines)))

    def _note_repeated(self, person: Block) -> None:
        nir = person.get("001")
        if nir in self._nirs:
            self.flaws.add(person.flaw("001", "NIR présent deux fois dans la déclaration"))
        if nir:
            self._nirs.add(nir)

    def _note(self, flaws: Iterable[Flaw]) -> None:
        for flaw in flaws:
            self.flaws.add(flaw)
