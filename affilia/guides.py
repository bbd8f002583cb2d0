"""Where each line of the users' guides is proved: the journeys that name it (``S0:120-126``), as a page, or for one line on demand."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from affilia.generated import keep, refuse_elsewhere

CHAPTERS = Path("tests/guides.toml")
JOURNEYS = Path("tests/journeys")
PAGE = Path("docs/guides.md")
LINES = re.compile(r"(S\d):(\d+)(?:-(\d+))?")
PREFACE = """# Où est prouvée chaque ligne des guides

Page produite par `make guides` à partir de `tests/guides.toml` et de ce que nomment les parcours de `tests/journeys` : ne pas modifier à la
main. Un parcours est joué sur les deux plateformes, en un processus et répartie. Pour une ligne : `affilia guides S0:120`.
"""
NOBODY = "—"
UNPROVED = "aucun parcours ne la nomme encore"


@dataclass(frozen=True)
class Lines:
    """Some lines of a guide, last one included."""

    guide: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.guide}:{self.first}" + (f"-{self.last}" if self.last > self.first else "")

    def meets(self, other: "Lines") -> bool:
        """Whether they have a line in common."""
        return self.guide == other.guide and self.first <= other.last and other.first <= self.last

    @classmethod
    def named(cls, text: str) -> "list[Lines]":
        """Every mention in a text, in its order: ``S1:238``, ``S1:244-249``."""
        return [cls(guide, int(first), int(last or first)) for guide, first, last in LINES.findall(text)]


@dataclass(frozen=True)
class Journey:
    """A test that walks the whole platform, and the lines that its docstring names."""

    file: Path
    name: str
    proves: tuple[Lines, ...]

    @property
    def link(self) -> str:
        return f"[{self.name.removeprefix('test_').replace('_', ' ')}](../{self.file.as_posix()})"


@dataclass(frozen=True)
class Chapter:
    """A passage of a guide, in our words; ``due`` when a journey has to name each of its lines."""

    lines: Lines
    caption: str
    due: bool

    def proofs(self, journeys: list[Journey]) -> list[Journey]:
        return [journey for journey in journeys if any(self.lines.meets(lines) for lines in journey.proves)]

    def owes(self, journeys: list[Journey]) -> bool:
        """Whether a line is left that no journey names, though one should."""
        named = {line for journey in journeys for at in journey.proves if self.lines.meets(at) for line in range(at.first, at.last + 1)}
        return self.due and not named.issuperset(range(self.lines.first, self.lines.last + 1))


def journeys(folder: Path = JOURNEYS) -> list[Journey]:
    """The journeys that name lines, file by file."""
    return [journey for file in sorted(folder.glob("test_*.py")) for journey in _journeys(file)]


def _journeys(file: Path) -> Iterator[Journey]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    tests = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    found = (Journey(file, node.name, tuple(Lines.named(ast.get_docstring(node) or ""))) for node in tests)
    return (journey for journey in found if journey.proves)


def chapters(file: Path = CHAPTERS) -> dict[str, tuple[str, list[Chapter]]]:
    """By guide, its title and its chapters."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    due = [lines for text in told.pop("due") for lines in Lines.named(text)]
    return {guide: (one["title"], [_chapter(guide, row, due) for row in one["chapters"]]) for guide, one in told.items()}


def _chapter(guide: str, row: tuple[int, int, str], due: list[Lines]) -> Chapter:
    first, last, caption = row
    lines = Lines(guide, first, last)
    return Chapter(lines, caption, any(lines.meets(some) for some in due))


def page() -> str:
    """Every guide, its chapters, and their journeys."""
    walked, parts = journeys(), [PREFACE]
    for guide, (title, found) in chapters().items():
        rows = [f"| {chapter.lines} | {chapter.caption} | {_cell(chapter.proofs(walked))} |" for chapter in found]
        parts.append("\n".join([f"## {guide} — {title}", "", "| lignes | ce qu'elles disent | parcours |", "|---|---|---|", *rows, ""]))
    return "\n".join(parts)


def _cell(proofs: list[Journey]) -> str:
    return "<br>".join(journey.link for journey in proofs) or NOBODY


def refuse_debts() -> None:
    """Raises ``ClickException`` naming the chapters that still owe a journey."""
    walked = journeys()
    debts = [f"{chapter.lines} ({chapter.caption})" for _title, found in chapters().values() for chapter in found if chapter.owes(walked)]
    if debts:
        raise click.ClickException("Aucun parcours ne nomme tout : " + " ; ".join(debts))


@click.command("guides")
@click.argument("line", required=False, metavar="[LIGNE]")
@click.option(
    "--check", is_flag=True, help="Vérifie sans écrire : échoue si la page n'est plus à jour, ou si une ligne promise est sans parcours."
)
def command(line: str | None, check: bool) -> None:
    """Écrit docs/guides.md, ou dit quels parcours prouvent une LIGNE (S0:120)."""
    refuse_elsewhere()
    if line:
        return _answer(line)
    keep({PAGE: page()}, check=check, by="make guides")
    if check:
        refuse_debts()


def _answer(line: str) -> None:
    asked = Lines.named(line)
    if not asked:
        raise click.ClickException("Une ligne s'écrit S0:120 ou S0:120-126.")
    told = [chapter for _title, found in chapters().values() for chapter in found if chapter.lines.meets(asked[0])]
    if not told:
        raise click.ClickException("Aucun guide n'a cette ligne.")
    proofs = [f"{journey.file}::{journey.name}" for journey in journeys() if any(lines.meets(asked[0]) for lines in journey.proves)]
    for chapter in told:
        click.echo(f"{chapter.lines} {chapter.caption}")
    for proof in proofs or [UNPROVED]:
        click.echo(f"  {proof}")
