"""``affilia prepare``: what a distributed installation is given before its first start. Playing it again repairs, and loses nothing.

One folder for each part, and a part is shown its own alone. Everything is derived from ``ring/``: that folder is what has to be kept safe,
and a key changed there reaches the parts when this is played again.
"""

from __future__ import annotations

import secrets as randomness
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import click
import msgspec
import psycopg

from affilia import atomic, keys
from affilia.broker_rights import RIGHTS, definitions
from affilia.keys import SERVICES, Keyring
from affilia.local import LocalPostgres
from chassis.config import DEVELOPMENT

A_FOLDER = click.Path(file_okay=False, path_type=Path)
RING, PASSWORDS = "ring", "passwords.json"
SUPERUSER_URL = Path("postgres", "superuser_url")
OBJECTS_USER = "affilia"
FOLDERS: Mapping[str, int] = {"owner": 0o700, "postgres": 0o755, "broker": 0o755}
"""Folders whose rights matter before their first file: PostgreSQL and RabbitMQ run as users of their own."""
GIVEN: Mapping[str, bytes] = {
    "messaging/smtp_password": b"",
    "messaging/twilio_token": b"aucun",
    "identity/oidc_secrets": b"{}",
    "gateway/producers.json": b"[]",
}
"""Secrets of others, that an operator writes over: they are made once, and never again."""


class Passwords(msgspec.Struct, kw_only=True):
    """What the servers of an installation are asked with: RabbitMQ's users, PostgreSQL's superuser, the object store, and the edge by
    nginx."""

    broker: dict[str, str]
    postgres: str
    objects: str
    front: str


class Secret(NamedTuple):
    """One file: its place in the folder, what it holds, and who may read it."""

    place: str
    content: str
    mode: int = atomic.PRIVATE


@click.group()
def prepare() -> None:
    """Prépare une installation répartie : ses secrets, puis ses bases."""


@prepare.command("secrets")
@click.argument("folder", type=A_FOLDER, metavar="DOSSIER")
@click.option("--production", is_flag=True, help="Des clés que la production accepte (sinon : des clés de développement).")
@click.option("--postgres", default="postgres:5432", show_default=True, metavar="HÔTE:PORT", help="Le serveur PostgreSQL.")
@click.option("--broker", default="rabbitmq:5672", show_default=True, metavar="HÔTE:PORT", help="Le courtier RabbitMQ.")
def secrets_command(folder: Path, production: bool, postgres: str, broker: str) -> None:
    """Écrit dans DOSSIER les secrets de chaque pièce ; ceux qui existent restent."""
    try:
        ring = keys.load_or_create(folder / RING, "" if production else DEVELOPMENT)
        _furnish(folder, handed_out(ring, _passwords(folder / RING / PASSWORDS), postgres, broker))
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"Les secrets de chaque pièce sont dans {folder}. Gardez {folder / RING} en lieu sûr : tout le reste en découle.")


@prepare.command("databases")
@click.argument("folder", type=A_FOLDER, metavar="DOSSIER")
def databases_command(folder: Path) -> None:
    """Crée sur PostgreSQL la base et les deux rôles de chaque service, et en écrit les adresses dans DOSSIER."""
    try:
        with LocalPostgres(server_url=(folder / SUPERUSER_URL).read_text().strip()) as server:
            for service in SERVICES:
                found = server.create(service)
                atomic.replace(folder / service / "database_url", found.app_url.encode())
                atomic.replace(folder / "owner" / service, found.owner_url.encode())
                click.echo(f"{service} : base prête")
    except OSError as error:
        raise click.ClickException(f"{error.filename} : {error.strerror}. Jouez d'abord : affilia prepare secrets {folder}") from None
    except psycopg.OperationalError:  # its text may quote the address and its password
        raise click.ClickException("Le serveur PostgreSQL ne répond pas, ou refuse le mot de passe de son administrateur.") from None


def handed_out(ring: Keyring, passwords: Passwords, postgres: str, broker: str) -> Iterator[Secret]:
    """Every file of an installation, part by part."""
    urls = {name: f"amqp://{name}:{password}@{broker}/%2F" for name, password in passwords.broker.items()}
    for service in SERVICES:
        yield Secret(f"{service}/keys.json", _json(ring.of(service)))
        yield Secret(f"{service}/broker_url", urls[service])
    for part in ("documents", "objects"):
        yield Secret(f"{part}/s3_access_key", OBJECTS_USER)
        yield Secret(f"{part}/s3_secret_key", passwords.objects)
    yield from _gateway(ring, passwords.front, urls["gateway"])
    yield Secret("producer/broker_url", urls["producer"])
    yield Secret("producer/key.json", _json(ring.feed_public()))
    yield Secret("operator/broker_url", urls["operator"])
    yield Secret(str(SUPERUSER_URL), f"postgresql://postgres:{passwords.postgres}@{postgres}/postgres")
    # These servers run as users of their own, and each is shown its own folder alone.
    yield Secret("postgres/password", passwords.postgres, atomic.SHARED)
    yield Secret("broker/definitions.json", _json(definitions(passwords.broker)), atomic.SHARED)


def _gateway(ring: Keyring, front_secret: str, broker_url: str) -> Iterator[Secret]:
    yield Secret("gateway/edge_secret", ring.edge_secret)
    yield Secret("gateway/front_secret", front_secret)
    yield Secret("gateway/feed_token", ring.feed_token)
    yield Secret("gateway/feed_key.json", _json(ring.feed_public()))
    yield Secret("gateway/feed_private.json", _json(ring.feed_private))
    yield Secret("gateway/broker_url", broker_url)


def _furnish(folder: Path, secrets: Iterable[Secret]) -> None:
    """Write everything, except what an operator may have written over."""
    for name, mode in FOLDERS.items():
        (folder / name).mkdir(mode=mode, parents=True, exist_ok=True)
    for place, content in GIVEN.items():
        atomic.write_once(folder / place, content)
    for secret in secrets:
        atomic.replace(folder / secret.place, secret.content.encode(), secret.mode)


def _passwords(file: Path) -> Passwords:
    """Drawn the first time, then kept; a part that came since is given one."""
    if not file.exists():
        atomic.write_once(file, msgspec.json.encode(Passwords(broker={}, postgres=_drawn(), objects=_drawn(), front=_drawn())))
    found = msgspec.json.decode(file.read_bytes(), type=Passwords)
    if missing := RIGHTS.keys() - found.broker.keys():
        found.broker |= {name: _drawn() for name in missing}
        atomic.replace(file, msgspec.json.encode(found))
    return found


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _drawn() -> str:
    return randomness.token_urlsafe(32)
