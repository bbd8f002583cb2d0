"""``feed receipts``: what became of the facts of a file, by the platform that took them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import click

from feeds import formats, kit
from feeds.answers import Outcome
from feeds.cli.progress import measured
from feeds.cli.sending import A_FILE, CODES, SENT, TO, TOKEN, opened
from feeds.publishers import HttpPublisher, PublishError
from feeds.usage import FrenchCommand, Misused

MOST_PRINTED = 200
SETTLED = ("applied", "noted", "superseded")
"""States that ask nothing of anybody; the others are shown line by line."""
UNKNOWN = "Inconnue de la plateforme"
"""What is said of a fact that was not sent yet, or not to this platform."""


@click.command(cls=FrenchCommand)
@click.argument("file", type=A_FILE, metavar="FICHIER")
@TO
@TOKEN
def receipts(file: Path, to: str, token_file: Path | None) -> None:
    """Dit ce que sont devenus les faits de FICHIER (DSN, lignes JSON ou CSV) : pris en compte, en attente, mis de côté, et pourquoi."""
    with closing(opened(to, token_file)) as platform:
        if not isinstance(platform, HttpPublisher):
            raise Misused("un courtier ne donne pas de reçus : --to attend l'adresse de la plateforme (http, https)")
        counted: Counter[str] = Counter()
        failure = None
        try:
            _tell(file, platform, counted)
        except PublishError as error:
            failure = error
    for label, number in counted.most_common():
        click.echo(f"{label} : {number}")
    if failure:
        click.echo(f"Reçus interrompus : {failure}", err=True)
    raise SystemExit(CODES[type(failure)] if failure else SENT)


def _tell(file: Path, platform: HttpPublisher, counted: Counter[str]) -> None:
    """Print what is not settled, with its line; count everything."""
    printed = 0
    with measured(file, lambda _: f"{counted.total()} faits") as stream:
        for batch in kit.batches(_items(stream)):
            for item, outcome in _judged(batch, platform.outcomes([item.id for item in batch])):
                counted[outcome.state_label if outcome else UNKNOWN] += 1
                printed += (shown := outcome is not None and outcome.state not in SETTLED)
                if shown and outcome and printed <= MOST_PRINTED:
                    click.echo(f"ligne {item.line} : {outcome.state_label} — {outcome.reason}")


def _items(stream: formats.Seekable) -> Iterator[kit.Item]:
    return (outcome for outcome in formats.read(stream) if isinstance(outcome, kit.Item))


def _judged(batch: Sequence[kit.Item], outcomes: Sequence[Outcome]) -> Iterator[tuple[kit.Item, Outcome | None]]:
    known = {outcome.id: outcome for outcome in outcomes}
    return ((item, known.get(item.id)) for item in batch)
