"""The producer's command: ``feed dsn check FILE`` and ``feed dsn publish FILE --to URL``. What it prints holds no personal data.

Exit codes: 0 everything was sent, 3 something was refused (the rest was sent), 4 nobody listens, 5 platform or broker down.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

import click

from feeds import kit
from feeds.dsn import Ignored, Refused, Taken, read
from feeds.publishers import BrokerPublisher, HttpPublisher, Publisher, PublishError, PublishRefused, Unreachable, Unroutable, publisher
from feeds.sealing import PlatformKey, WrongKey
from feeds.usage import AFile, FrenchGroup, Misused

SENT, REFUSED, UNROUTABLE, DOWN = 0, 3, 4, 5
CODES: dict[type[PublishError], int] = {PublishRefused: REFUSED, Unroutable: UNROUTABLE, Unreachable: DOWN}

TOKEN_VARIABLE = "AFFILIA_FEED_TOKEN"
DEMO_TOKEN = "feed_token de .affilia/keys/keys.json"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
MOST_PRINTED = 200
"""Refused lines that are printed; the rest is counted."""

MOST_PRINTED_OF_ONE = 20
"""Flaws that are printed of one refused lot, envoi or declaration."""

TOLD_EVERY = 1 << 16
"""Bytes between two moves of the progress bar."""

WHAT = {"lot": "lot refusé", "envoi": "envoi refusé", "declaration": "déclaration refusée"}
COUNTED = {"lot": "Lots refusés", "envoi": "Envois refusés", "declaration": "Déclarations refusées"}

A_FILE = AFile()


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


class Measured:
    """A file that tells, now and then, how many more bytes were read."""

    def __init__(self, stream: IO[bytes], advance: Callable[[int], object]) -> None:
        self._stream, self._advance, self._untold = stream, advance, 0

    def read(self, size: int = -1, /) -> bytes:
        raw = self._stream.read(size)
        self._untold += len(raw)
        if self._untold > TOLD_EVERY or not raw:
            self._advance(self._untold)
            self._untold = 0
        return raw


@click.group(cls=FrenchGroup)
def feed() -> None:
    """Alimente la plateforme à partir des fichiers de paie (DSN)."""


@feed.group(cls=FrenchGroup)
def dsn() -> None:
    """Fichiers DSN (norme NEODeS) : déclarations mensuelles, fins de contrat, lots d'organisme complémentaire."""


@dsn.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
def check(file: Path) -> None:
    """Lit FICHIER sans rien envoyer et montre ce qui serait refusé."""
    tally = Tally()
    with _measured(file, tally) as stream:
        for item in _items(stream, tally):
            tally.facts += bool(item)
    _report(tally, f"Faits lus : {tally.facts}", whole=True)
    raise SystemExit(REFUSED if tally.flawed else SENT)


@dsn.command()
@click.argument("file", type=A_FILE, metavar="FICHIER")
@click.option("--to", required=True, metavar="URL", help="La plateforme (http, https) ou son courtier (amqp, amqps).")
@click.option("--token-file", type=A_FILE, help=f"Fichier du jeton d'accès (sinon la variable {TOKEN_VARIABLE}).")
@click.option("--key", "key_file", type=A_FILE, help="Clé publique de la plateforme, en JSON (sinon demandée à la plateforme).")
@click.option("--dry-run", is_flag=True, help="Tout faire sauf l'envoi.")
def publish(file: Path, to: str, token_file: Path | None, key_file: Path | None, dry_run: bool) -> None:
    """Publie les faits de FICHIER ; un fichier publié deux fois ne compte qu'une fois."""
    with closing(_publisher(to, token_file)) as platform:
        tally = Tally()
        try:
            key = _key(platform, key_file)
            with _measured(file, tally) as stream:
                _publish_all(stream, tally, key, None if dry_run else platform)
            failure = None
        except PublishError as error:
            failure = error
    _report(tally, f"Faits à publier (essai à blanc) : {tally.facts}" if dry_run else _published(tally), whole=failure is None)
    raise SystemExit(_conclude(failure, tally))


def _publish_all(stream: Measured, tally: Tally, key: Callable[[], PlatformKey], platform: Publisher | None) -> None:
    for batch in kit.batches(_items(stream, tally)):
        events = kit.sealed(batch, key(), datetime.now(UTC))
        tally.facts += len(events)
        if platform:
            receipt = platform.publish(events)
            tally.published += len(events)
            tally.repeated += receipt.repeated


def _items(stream: Measured, tally: Tally) -> Iterator[kit.Item]:
    """The facts of the good declarations, while the others are counted."""
    for outcome in read(stream):
        match outcome:
            case Taken():
                tally.declarations += 1
                yield from kit.items(outcome.declaration, outcome.facts)
            case Ignored():
                tally.ignored += outcome.declarations
            case Refused():
                tally.refuse(outcome)


def _publisher(to: str, token_file: Path | None) -> HttpPublisher | BrokerPublisher:
    token = (token_file.read_text("latin-1") if token_file else os.environ.get(TOKEN_VARIABLE, "")).strip()
    if to.startswith("http") and not token:
        raise Misused(f"jeton d'accès absent : --token-file ou la variable {TOKEN_VARIABLE} (démonstration : {DEMO_TOKEN})")
    if not token.isascii() or not token.isprintable():
        raise Misused("jeton d'accès illisible")
    try:
        platform = publisher(to, token)
    except ValueError as error:
        raise Misused(f"--to : {error}") from error
    if _in_clear(to):
        click.echo("Attention : l'adresse n'est pas chiffrée (https, amqps), le jeton ou le mot de passe circule en clair.", err=True)
    return platform


def _in_clear(to: str) -> bool:
    parts = urlsplit(to)
    host = parts.hostname or ""
    return parts.scheme in ("http", "amqp") and host not in LOCAL_HOSTS and not host.endswith(".localhost")


def _key(platform: HttpPublisher | BrokerPublisher, key_file: Path | None) -> Callable[[], PlatformKey]:
    """The key once it is needed: a file that holds no fact asks the platform nothing."""
    if key_file:
        try:
            given = PlatformKey.read(key_file.read_bytes())
        except WrongKey as error:
            raise Misused(f"--key : {error}") from error
        return lambda: given
    if isinstance(platform, HttpPublisher):
        return cache(platform.key)
    raise Misused("un courtier ne donne pas la clé publique de la plateforme : --key est nécessaire")


@contextmanager
def _measured(file: Path, tally: Tally) -> Iterator[Measured]:
    """The file, and on a terminal a bar with the bytes read and the facts sent."""
    with (
        file.open("rb") as stream,
        click.progressbar(
            length=file.stat().st_size,
            label=file.name,
            show_eta=False,
            item_show_func=tally.shown,
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar,
    ):
        yield Measured(stream, bar.update)


def _published(tally: Tally) -> str:
    return f"Faits publiés : {tally.published} (dont déjà connus : {tally.repeated})"


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
    for what, said in COUNTED.items():
        # A zero is only said of a whole file without refusal: beside one it would deny it.
        if tally.refused[what] or (what == "declaration" and whole and not tally.flawed):
            click.echo(f"{said} : {tally.refused[what]}")


def _conclude(failure: PublishError | None, tally: Tally) -> int:
    if failure is None:
        return REFUSED if tally.flawed else SENT
    click.echo(f"Envoi interrompu : {failure}", err=True)
    click.echo("Le même fichier peut être renvoyé : ce qui est déjà pris ne compte qu'une fois.", err=True)
    return CODES[type(failure)]
