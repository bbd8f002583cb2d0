"""What every publication shares: where to, with which token and key, how it ends."""

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

import click

from feeds import kit
from feeds.publishers import BrokerPublisher, HttpPublisher, Publisher, PublishError, PublishRefused, Unreachable, Unroutable, publisher
from feeds.sealing import PlatformKey, WrongKey
from feeds.usage import AFile, Misused

SENT, REFUSED, UNROUTABLE, DOWN = 0, 3, 4, 5
CODES: dict[type[PublishError], int] = {PublishRefused: REFUSED, Unroutable: UNROUTABLE, Unreachable: DOWN}

TOKEN_VARIABLE = "AFFILIA_FEED_TOKEN"
DEMO_TOKEN = "feed_token de .affilia/keys/keys.json"
LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")

A_FILE = AFile()
Platform = HttpPublisher | BrokerPublisher
Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = (
    click.option("--to", required=True, metavar="URL", help="La plateforme (http, https) ou son courtier (amqp, amqps)."),
    click.option("--token-file", type=A_FILE, help=f"Fichier du jeton d'accès (sinon la variable {TOKEN_VARIABLE})."),
    click.option("--key", "key_file", type=A_FILE, help="Clé publique de la plateforme, en JSON (sinon demandée à la plateforme)."),
    click.option("--dry-run", is_flag=True, help="Tout faire sauf l'envoi."),
)


class Counted(Protocol):
    """What a publication adds up."""

    facts: int
    published: int
    repeated: int


def sending_options(command: Command) -> Command:
    """The options of a command that publishes."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


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


def publish_all(items: Iterable[kit.Item], tally: Counted, key: Callable[[], PlatformKey], platform: Publisher | None) -> None:
    """Seal and send batch after batch; without a platform, everything but sending. Raises ``PublishError``."""
    for batch in kit.batches(items):
        events = kit.sealed(batch, key(), datetime.now(UTC))
        tally.facts += len(events)
        if platform:
            receipt = platform.publish(events)
            tally.published += len(events)
            tally.repeated += receipt.repeated


def said(tally: Counted, *, dry_run: bool) -> str:
    """How many facts left, or would have."""
    if dry_run:
        return f"Faits à publier (essai à blanc) : {tally.facts}"
    return f"Faits publiés : {tally.published} (dont déjà connus : {tally.repeated})"


def conclude(failure: PublishError | None, *, flawed: bool) -> int:
    """The exit code, and what a producer does about a failure."""
    if failure is None:
        return REFUSED if flawed else SENT
    click.echo(f"Envoi interrompu : {failure}", err=True)
    click.echo("Le même fichier peut être renvoyé : ce qui est déjà pris ne compte qu'une fois.", err=True)
    return CODES[type(failure)]


def _in_clear(to: str) -> bool:
    parts = urlsplit(to)
    host = parts.hostname or ""
    return parts.scheme in ("http", "amqp") and host not in LOCAL_HOSTS and not host.endswith(".localhost")
