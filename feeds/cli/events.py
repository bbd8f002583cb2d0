"""``feed events``: facts as JSON lines. A file is taken whole or not at all: one refused line, and nothing is sent."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import click

from feeds import jsonl, kit
from feeds.cli.progress import measured
from feeds.cli.sending import A_FILE, REFUSED, SENT, conclude, key_of, opened, publish_all, said, sending_options
from feeds.publishers import PublishError
from feeds.usage import FrenchGroup

MOST_PRINTED = 200
"""Refused lines that are printed; the rest is counted."""
NOTHING_SENT = "Rien n'a été envoyé : corrigez ces lignes, puis renvoyez le fichier entier."


@dataclass(slots=True)
class Tally:
    """What one file came to."""

    read: int = 0
    facts: int = 0
    published: int = 0
    repeated: int = 0
    refused: int = 0
    lines: list[str] = field(default_factory=list)

    def refuse(self, flaw: jsonl.Flaw) -> None:
        self.refused += 1
        if len(self.lines) < MOST_PRINTED:
            self.lines.append(f"ligne {flaw.line} : {flaw.reason}")

    def shown(self, _: int | None) -> str:
        """What the progress bar says beside the bytes."""
        return f"{self.facts or self.read} faits"


@click.group(cls=FrenchGroup)
def events() -> None:
    """Faits en lignes JSON, écrits par un logiciel de paie : validés ici, scellés, puis publiés."""


@events.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
def check(file: Path) -> None:
    """Lit FICHIER sans rien envoyer et montre ce qui serait refusé."""
    tally = _checked(file)
    _report(tally)
    raise SystemExit(REFUSED if tally.refused else SENT)


@events.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
@sending_options
def publish(file: Path, to: str, token_file: Path | None, key_file: Path | None, dry_run: bool) -> None:
    """Publie les faits de FICHIER, tous ou aucun ; un fichier publié deux fois ne compte qu'une fois."""
    with closing(opened(to, token_file)) as platform:
        key = key_of(platform, key_file)
        tally = _checked(file)
        if tally.refused:
            _report(tally)
            click.echo(NOTHING_SENT, err=True)
            raise SystemExit(REFUSED)
        failure = None
        try:
            with measured(file, tally.shown) as stream:
                publish_all(_items(jsonl.read(stream)), tally, key, None if dry_run else platform)
        except PublishError as error:
            failure = error
    click.echo(said(tally, dry_run=dry_run))
    raise SystemExit(conclude(failure, flawed=False))


def _checked(file: Path) -> Tally:
    tally = Tally()
    with measured(file, tally.shown) as stream:
        for outcome in jsonl.read(stream):
            if isinstance(outcome, jsonl.Flaw):
                tally.refuse(outcome)
            else:
                tally.read += 1
    return tally


def _items(outcomes: Iterator[kit.Item | jsonl.Flaw]) -> Iterator[kit.Item]:
    """Facts of a file that was checked; a line that was spoilt since stops it, and what was sent may be sent again."""
    for outcome in outcomes:
        if isinstance(outcome, jsonl.Flaw):
            raise click.ClickException(f"Le fichier a changé pendant l'envoi (ligne {outcome.line}).")
        yield outcome


def _report(tally: Tally) -> None:
    for line in tally.lines:
        click.echo(line)
    if unprinted := tally.refused - len(tally.lines):
        click.echo(f"… et {unprinted} autre(s) ligne(s) de refus")
    click.echo(f"Faits lus : {tally.read}")
    click.echo(f"Lignes refusées : {tally.refused}")
