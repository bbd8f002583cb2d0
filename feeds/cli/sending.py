"""What every publication shares: where to, with which token and key, for which companies, what is confirmed, how it ends."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import click

from feeds import kit
from feeds.answers import Standing
from feeds.journal import Journal, WrongJournal
from feeds.publishers import BrokerPublisher, HttpPublisher, PublishError, PublishRefused, Unreachable, Unroutable, publisher
from feeds.sealing import PlatformKey, WrongKey
from feeds.usage import AFile, Misused

SENT, REFUSED, UNROUTABLE, DOWN = 0, 3, 4, 5
CODES: dict[type[PublishError], int] = {PublishRefused: REFUSED, Unroutable: UNROUTABLE, Unreachable: DOWN}

TOKEN_VARIABLE = "AFFILIA_FEED_TOKEN"
DEMO_TOKEN = "feed_token de .affilia/keys/keys.json"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
FOREIGN = "établissement pour lequel ce producteur ne déclare pas"
"""Why a fact of a company that is not the sender's is refused."""

A_FILE = AFile()
Platform = HttpPublisher | BrokerPublisher
Command = TypeVar("Command", bound=Callable[..., Any])

TO = click.option("--to", required=True, metavar="URL", help="La plateforme (http, https) ou son courtier (amqp, amqps).")
TOKEN = click.option("--token-file", type=A_FILE, help=f"Fichier du jeton d'accès (sinon la variable {TOKEN_VARIABLE}).")
OPTIONS = (
    TO,
    TOKEN,
    click.option("--key", "key_file", type=A_FILE, help="Clé publique de la plateforme, en JSON (sinon demandée à la plateforme)."),
    click.option("--journal", type=click.Path(dir_okay=False, path_type=Path), help="Fichier où s'inscrit ce que la plateforme confirme."),
    click.option("--dry-run", is_flag=True, help="Tout faire sauf l'envoi."),
)


class Counted(Protocol):
    """What a publication adds up."""

    facts: int
    published: int
    repeated: int


@dataclass(frozen=True)
class Errand:
    """One publication: to whom, under which key, for which companies; ``platform`` is ``None`` when nothing is to be sent."""

    platform: Platform | None
    key: Callable[[], PlatformKey]
    standing: Callable[[], Standing]
    journal: Journal

    def publish(self, items: Iterable[kit.Item], tally: Counted) -> None:
        """Seal and send batch after batch, what a run before had confirmed excepted. Raises ``PublishError``, ``WrongJournal``."""
        for batch in kit.batches(self.journal.unconfirmed(items)):
            events = kit.sealed(batch, self.key(), datetime.now(UTC))
            tally.facts += len(events)
            if self.platform:
                receipt = _blaming(self.platform, batch, events)
                self.journal.confirm(batch)
                tally.published += len(events)
                tally.repeated += receipt.repeated


def sending_options(command: Command) -> Command:
    """The options of a command that publishes."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


@contextmanager
def errand(
    file: Path, to: str, token_file: Path | None, key_file: Path | None, journal: Path | None, dry_run: bool, *, again: bool
) -> Iterator[Errand]:
    """A publication of ``file``; ``again`` takes up the journal of a run before. Raises ``Misused``."""
    platform = opened(to, token_file)
    try:
        key = key_of(platform, key_file)
        kept = _journal(None if dry_run else journal, file, to, again=again)
        yield Errand(None if dry_run else platform, key, standing_of(platform), kept)
        kept.close()
    finally:
        platform.close()


def opened(to: str, token_file: Path | None) -> Platform:
    """The publisher for an address. Raises ``Misused``."""
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


def key_of(platform: Platform, key_file: Path | None) -> Callable[[], PlatformKey]:
    """The key once it is needed: a file that holds no fact asks the platform nothing. Raises ``Misused``."""
    if key_file:
        try:
            given = PlatformKey.read(key_file.read_bytes())
        except WrongKey as error:
            raise Misused(f"--key : {error}") from error
        return lambda: given
    if isinstance(platform, HttpPublisher):
        return cache(platform.key)
    raise Misused("un courtier ne donne pas la clé publique de la plateforme : --key est nécessaire")


def standing_of(platform: Platform) -> Callable[[], Standing]:
    """For which companies we declare, once it is needed; a broker does not know, its operator answers for its producers."""
    return cache(platform.standing) if isinstance(platform, HttpPublisher) else Standing


def said(tally: Counted, journal: Journal, *, dry_run: bool) -> str:
    """How many facts left, or would have."""
    if dry_run:
        return f"Faits à publier (essai à blanc) : {tally.facts}"
    before = f" ; confirmés par un envoi précédent : {journal.already}" if journal.already else ""
    return f"Faits publiés : {tally.published} (dont déjà connus : {tally.repeated}){before}"


def conclude(failure: PublishError | None, *, flawed: bool) -> int:
    """The exit code, and what a producer does about a failure."""
    if failure is None:
        return REFUSED if flawed else SENT
    click.echo(f"Envoi interrompu : {failure}", err=True)
    click.echo("Le même fichier peut être renvoyé : ce qui est déjà pris ne compte qu'une fois.", err=True)
    return CODES[type(failure)]


def _blaming(platform: Platform, batch: list[kit.Item], events: list[kit.CloudEvent]) -> Any:
    """The receipt of a batch; a refusal tells the lines of the file that the platform blames."""
    try:
        return platform.publish(events)
    except PublishRefused as refusal:
        blamed = [(batch[flaw.index].line, flaw.reason) for flaw in refusal.flaws if 0 <= flaw.index < len(batch)]
        raise PublishRefused("\n  ".join([str(refusal), *(f"ligne {line} : {reason}" for line, reason in blamed)])) from refusal


def _journal(path: Path | None, file: Path, to: str, *, again: bool) -> Journal:
    if path is None:
        return Journal(None)
    try:
        return (Journal.resumed if again else Journal.begun)(path, file, to)
    except (WrongJournal, OSError) as error:
        raise Misused(f"--journal : {error.strerror if isinstance(error, OSError) else error}") from error


def _in_clear(to: str) -> bool:
    parts = urlsplit(to)
    host = parts.hostname or ""
    return parts.scheme in ("http", "amqp") and host not in LOCAL_HOSTS and not host.endswith(".localhost")
