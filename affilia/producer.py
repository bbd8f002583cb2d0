"""``affilia producer``: somebody is admitted to publish payroll facts, for some companies; his token is shown once and kept as a digest."""

import re
import secrets
from pathlib import Path

import click
import msgspec

from affilia import atomic
from gateway.config import Producer
from gateway.producers import HOUSE, token_hash
from identifiers import siret as numbers

KEY = re.compile(r"[a-z][a-z0-9-]{1,30}")
WRONG_KEY = "La clé compte de 2 à 31 lettres minuscules, chiffres ou tirets ; « affilia » est celle de la plateforme."
FILE = Path(".affilia/producers.json")
"""The list of the installation in this folder; the edge of a distributed one reads its own (``gateway/producers.json``)."""


@click.command()
@click.argument("key", metavar="CLÉ")
@click.option("--name", required=True, help="Le nom du producteur.")
@click.option("--siren", "companies", multiple=True, required=True, help="Une entreprise pour laquelle il déclare ; autant que voulu.")
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), default=FILE, show_default=True, help="La liste des producteurs.")
def producer(key: str, name: str, companies: tuple[str, ...], file: Path) -> None:
    """Admet le producteur CLÉ et montre son jeton, une seule fois ; la plateforme lit sa liste en démarrant."""
    _check(key, companies)
    token = secrets.token_urlsafe(32)
    others = [one for one in known(file) if one.key != key]
    admitted = Producer(key=key, name=name, token=token_hash(token), sirens=tuple(sorted(set(companies))))
    file.parent.mkdir(parents=True, exist_ok=True)
    atomic.replace(file, msgspec.json.format(msgspec.json.encode([*others, admitted])))
    click.echo(f"Jeton de {name}, à lui remettre par un canal sûr : {token}")
    click.echo(f"Inscrit dans {file} ; redémarrez la passerelle pour qu'il soit reconnu.")


def known(file: Path) -> tuple[Producer, ...]:
    """The producers of a list that may not exist yet. Raises ``ClickException`` when it cannot be read."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=tuple[Producer, ...]) if file.exists() else ()
    except msgspec.DecodeError as error:
        raise click.ClickException(f"La liste des producteurs {file} est illisible.") from error


def _check(key: str, companies: tuple[str, ...]) -> None:
    if not KEY.fullmatch(key) or key == HOUSE:
        raise click.ClickException(WRONG_KEY)
    for siren in companies:
        try:
            numbers.parse_siren(siren)
        except ValueError as refusal:
            raise click.ClickException(f"{siren} : {refusal}") from None
