"""``feed dsn``: NEODeS files, read as a stream; the good declarations are sent, the others told with their lines."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from feeds import kit
from feeds.cli.progress import measured
from feeds.cli.sending import A_FILE, FOREIGN, REFUSED, SENT, Errand, conclude, errand, said, sending_options
from feeds.dsn import Flaw, Ignored, Outcome, Refused, Taken, read
from feeds.dsn.tree import ESTABLISHMENT
from feeds.journal import WrongJournal
from feeds.publishers import PublishError
from feeds.usage import FrenchGroup, Misused

MOST_PRINTED = 200
"""Refused lines that are printed; the rest is counted."""

MOST_PRINTED_OF_ONE = 20
"""Flaws that are printed of one refused lot, envoi or declaration."""

WHAT = {"lot": "lot refusé", "envoi": "envoi refusé", "declaration": "déclaration refusée"}
COUNTED = {"lot": "Lots refusés", "envoi": "Envois refusés", "declaration": "Déclarations refusées"}


@dataclass(slots=True)
class Tally:
    """What one file came to."""

    declarations: int = 0
    facts: int = 0
    published: int = 0
    repeated: int = 0
    ignored: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    flawed: bool = False
    unreadable: bool = False
    lines: list[str] = field(default_factory=list)
    unprinted: int = 0

    def refuse(self, outcome: Refused) -> None:
        self.flawed = True
        if outcome.what == "file":
            self.unreadable = True
            self.lines += [flaw.reason for flaw in outcome.flaws]
            return
        if outcome.what != "declaration":
            self.refused[outcome.what] += 1
        self.refused["declaration"] += outcome.declarations
        self._print(f"ligne {outcome.line} : {WHAT[outcome.what]}")
        self._print_flaws(outcome)

    def shown(self, _: int | None) -> str:
        """What the progress bar says beside the bytes."""
        return f"{self.facts} faits"

    def _print_flaws(self, outcome: Refused) -> None:
        for flaw in outcome.flaws[:MOST_PRINTED_OF_ONE]:
            self._print("  " + " · ".join(filter(None, (f"ligne {flaw.line}", flaw.rubrique, flaw.reason))))
        if more := len(outcome.flaws[MOST_PRINTED_OF_ONE:]) + outcome.more:
            self._print(f"  … et {more} autre(s) défaut(s)", worth=more)

    def _print(self, line: str, worth: int = 1) -> None:
        """Keep a line that tells ``worth`` flaws, or only count them when enough is printed."""
        if len(self.lines) < MOST_PRINTED:
            self.lines.append(line)
        else:
            self.unprinted += worth


@click.group(cls=FrenchGroup)
def dsn() -> None:
    """Fichiers DSN (norme NEODeS) : déclarations mensuelles, fins de contrat, lots d'organisme complémentaire."""


@dsn.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
def check(file: Path) -> None:
    """Lit FICHIER sans rien envoyer et montre ce qui serait refusé."""
    tally = Tally()
    with measured(file, tally.shown) as stream:
        for item in _items(read(stream), tally):
            tally.facts += bool(item)
    _report(tally, f"Faits lus : {tally.facts}", whole=True)
    raise SystemExit(REFUSED if tally.flawed else SENT)


@dsn.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
@sending_options
def publish(**given: Any) -> None:
    """Publie les faits de FICHIER ; un fichier publié deux fois ne compte qu'une fois."""
    _send(again=False, **given)


@dsn.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
@sending_options
def replay(**given: Any) -> None:
    """Renvoie FICHIER, sous les mêmes identifiants ; avec --journal, seulement ce qui n'est pas confirmé."""
    _send(again=True, **given)


def _send(*, again: bool, file: Path, **given: Any) -> None:
    tally, failure, dry_run = Tally(), None, given["dry_run"]
    with errand(file, again=again, **given) as sending:
        try:
            with measured(file, tally.shown) as stream:
                sending.publish(_items(_declared(read(stream), sending), tally), tally)
        except PublishError as error:
            failure = error
        except WrongJournal as error:
            raise Misused(f"--journal : {error}") from error
        _report(tally, said(tally, sending.journal, dry_run=dry_run), whole=failure is None)
    raise SystemExit(conclude(failure, flawed=tally.flawed))


def _declared(outcomes: Iterator[Outcome], sending: Errand) -> Iterator[Outcome]:
    """The same, a declaration of somebody else's company refused: the sender's standing is asked at the first one."""
    for outcome in outcomes:
        foreign = isinstance(outcome, Taken) and not sending.standing().declares(outcome.declaration.siret)
        yield Refused("declaration", outcome.line, (Flaw(outcome.line, ESTABLISHMENT, FOREIGN),)) if foreign else outcome


def _items(outcomes: Iterator[Outcome], tally: Tally) -> Iterator[kit.Item]:
    """The facts of the good declarations, while the others are counted."""
    for outcome in outcomes:
        match outcome:
            case Taken():
                tally.declarations += 1
                yield from kit.items(outcome.declaration, outcome.facts, outcome.lines)
            case Ignored():
                tally.ignored += outcome.declarations
            case Refused():
                tally.refuse(outcome)


def _report(tally: Tally, facts: str, *, whole: bool) -> None:
    """What a file came to; ``whole`` when it was read to its end."""
    for line in tally.lines:
        click.echo(line)
    if tally.unprinted:
        click.echo(f"… et {tally.unprinted} autre(s) ligne(s) de refus")
    if tally.unreadable:
        return
    click.echo(f"Déclarations lues : {tally.declarations}")
    click.echo(facts)
    click.echo(f"Déclarations ignorées (test) : {tally.ignored}")
    for what, label in COUNTED.items():
        # A zero is only said of a whole file without refusal: beside one it would deny it.
        if tally.refused[what] or (what == "declaration" and whole and not tally.flawed):
            click.echo(f"{label} : {tally.refused[what]}")
