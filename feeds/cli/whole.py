"""``feed events``, ``feed csv`` and ``feed noemie``: facts a line at a time.

A file is taken whole or not at all: one refused line, and nothing is sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from feeds import jsonl, kit, noemie, table
from feeds.cli.progress import Measured, measured
from feeds.cli.sending import A_FILE, FOREIGN, REFUSED, SENT, Errand, conclude, errand, said, sending_options
from feeds.journal import WrongJournal
from feeds.numbered import Flaw
from feeds.publishers import PublishError
from feeds.usage import FrenchGroup, Misused

MOST_PRINTED = 200
"""Refused lines that are printed; the rest is counted."""
NOTHING_SENT = "Rien n'a été envoyé : corrigez ces lignes, puis renvoyez le fichier entier."

Outcomes = Iterator[kit.Item | Flaw]
Read = Callable[[Measured], Outcomes]


@dataclass(slots=True)
class Tally:
    """What one file came to."""

    read: int = 0
    facts: int = 0
    published: int = 0
    repeated: int = 0
    refused: int = 0
    lines: list[str] = field(default_factory=list)

    def refuse(self, flaw: Flaw) -> None:
        self.refused += 1
        if len(self.lines) < MOST_PRINTED:
            self.lines.append(f"ligne {flaw.line} : {flaw.reason}")

    def shown(self, _: int | None) -> str:
        """What the progress bar says beside the bytes."""
        return f"{self.facts or self.read} faits"


def taking_whole(name: str, help_: str, read: Read) -> click.Group:
    """The commands of one kind of file."""

    @click.group(name, cls=FrenchGroup, help=help_)
    def group() -> None: ...

    @group.command(help="Lit FICHIER sans rien envoyer et montre ce qui serait refusé.")
    @click.argument("file", type=A_FILE, metavar="FICHIER")
    def check(file: Path) -> None:
        tally = _checked(file, read)
        _report(tally)
        raise SystemExit(REFUSED if tally.refused else SENT)

    @group.command(help="Publie les faits de FICHIER, tous ou aucun ; un fichier publié deux fois ne compte qu'une fois.")
    @click.argument("file", type=A_FILE, metavar="FICHIER")
    @sending_options
    def publish(**given: Any) -> None:
        _send(read, again=False, **given)

    @group.command(help="Renvoie FICHIER, sous les mêmes identifiants ; avec --journal, seulement ce qui n'est pas confirmé.")
    @click.argument("file", type=A_FILE, metavar="FICHIER")
    @sending_options
    def replay(**given: Any) -> None:
        _send(read, again=True, **given)

    return group


def _send(read: Read, *, again: bool, file: Path, **given: Any) -> None:
    failure, dry_run = None, given["dry_run"]
    with errand(file, again=again, **given) as sending:
        tally = _checked(file, lambda stream: _declared(read(stream), sending))
        if tally.refused:
            _report(tally)
            click.echo(NOTHING_SENT, err=True)
            raise SystemExit(REFUSED)
        try:
            with measured(file, tally.shown) as stream:
                sending.publish(_items(read(stream)), tally)
        except PublishError as error:
            failure = error
        except WrongJournal as error:
            raise Misused(f"--journal : {error}") from error
        click.echo(said(tally, sending.journal, dry_run=dry_run))
    raise SystemExit(conclude(failure, flawed=False))


def _declared(outcomes: Outcomes, sending: Errand) -> Outcomes:
    """The same, a fact of somebody else's company refused: the sender's standing is asked at the first fact."""
    for outcome in outcomes:
        foreign = isinstance(outcome, kit.Item) and not sending.standing().declares(kit.siret_of(outcome))
        yield Flaw(outcome.line, FOREIGN) if foreign else outcome


def _checked(file: Path, read: Read) -> Tally:
    tally = Tally()
    with measured(file, tally.shown) as stream:
        for outcome in read(stream):
            if isinstance(outcome, Flaw):
                tally.refuse(outcome)
            else:
                tally.read += 1
    return tally


def _items(outcomes: Outcomes) -> Iterator[kit.Item]:
    """Facts of a file that was checked; a line that was spoilt since stops it, and what was sent may be sent again."""
    for outcome in outcomes:
        if isinstance(outcome, Flaw):
            raise click.ClickException(f"Le fichier a changé pendant l'envoi (ligne {outcome.line}).")
        yield outcome


def _report(tally: Tally) -> None:
    for line in tally.lines:
        click.echo(line)
    if unprinted := tally.refused - len(tally.lines):
        click.echo(f"… et {unprinted} autre(s) ligne(s) de refus")
    click.echo(f"Faits lus : {tally.read}")
    click.echo(f"Lignes refusées : {tally.refused}")


events = taking_whole("events", "Faits en lignes JSON, écrits par un logiciel de paie : validés ici, scellés, puis publiés.", jsonl.read)
tables = taking_whole("csv", "Faits simples dans un fichier CSV : affiliations vues, fins de contrat (radiations).", table.read)
statements = taking_whole("noemie", "Décomptes de l'Assurance Maladie, en lignes JSON ou en blocs NOEMIE.", noemie.read)
