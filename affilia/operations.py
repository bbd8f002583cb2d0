"""What an operator does from a terminal: serve, migrate, replay, describe the API, let a caseworker in."""

import json
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from affilia.demo import NEVER_STARTED, STORY_DAY, logins, refuse_absent
from affilia.generated import keep
from affilia.installation import bring_up_to_date, described, opened
from affilia.keys import SERVICES
from affilia.local import refuse_nowhere
from chassis import inbox
from chassis.problems import Refusal
from chassis.service import Running, Service

NAMELESS = "Indiquez le prénom et le nom du conseiller à créer, ou --rearm pour refaire l'accès de celui qui existe."
OPENAPI = Path("docs/openapi.json")
A_SERVICE = click.Choice(SERVICES)


@click.command()
@click.option("--port", default=8080, show_default=True, help="Le port d'écoute.")
def serve(port: int) -> None:
    """Sert la plateforme installée ici, sans la peupler."""
    from affilia import demo

    demo.run(port, peopled=False)


@click.command()
@click.argument("service", type=A_SERVICE, required=False)
def migrate(service: str | None) -> None:
    """Met à jour la base de SERVICE, ou toutes."""
    from gateway.embedded import find

    names = (service,) if service else SERVICES
    with opened(names=names) as house:
        bring_up_to_date(find(names).values(), house.databases, done=lambda name: click.echo(f"{name} : à jour"))


@click.command()
@click.argument("service", type=A_SERVICE, required=False)
@click.argument("event_id", type=click.UUID, required=False)
def replay(service: str | None, event_id: uuid.UUID | None) -> None:
    """Rejoue les événements que SERVICE a mis de côté (tous les services sans argument), ou le seul EVENT_ID."""
    names = (service,) if service else SERVICES
    refuse_untold(names)
    for name in names:
        with one_service(name) as running:
            found = inbox.replay(running, event_id)
        click.echo(f"{name} : {len(found)} événement{'s' if len(found) > 1 else ''} à rejouer")


@click.command()
@click.option("--check", is_flag=True, help="Vérifie sans écrire : échoue si le document n'est plus à jour.")
def openapi(check: bool) -> None:
    """Écrit docs/openapi.json à partir de ce que les services disent d'eux-mêmes."""
    from chassis.http import create_app
    from gateway import flows
    from gateway import openapi as description
    from gateway.embedded import find
    from gateway.upstream import InProcess

    house, services = described(), find()
    apps = InProcess({name: create_app(house.start(service)) for name, service in services.items()})
    document = description.gathered(apps, services)
    if faults := flows.faults(document["paths"], services):
        raise click.ClickException("gateway/flows.toml : " + " ; ".join(faults))
    keep({OPENAPI: json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"}, check=check, by="make openapi")


@click.command()
@click.option("--to", "base", default="http://localhost:8080", show_default=True, metavar="URL", help="L'instance qui tourne.")
@click.option(
    "--date",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    default=STORY_DAY.isoformat(),
    show_default=True,
    help="Le jour où l'histoire se passe.",
)
def story(base: str, on: datetime) -> None:
    """Raconte l'histoire sur l'instance qui tourne, avec des personnes nouvelles à chaque fois."""
    from affilia import keys
    from affilia.local import DATA
    from affilia.story import Cast, Credentials, Story, Unexpected, World, tell

    refuse_absent(base)
    found = logins()
    if not found:
        raise click.ClickException(NEVER_STARTED)
    caseworker = Credentials(found[0].email, found[0].password, found[0].totp)
    told = Story(World(base, on=on.date()), Cast.invented(), caseworker, keys.load_or_create(DATA / "keys").feed_token, click.echo)
    try:
        tell(told)
    except Unexpected as surprise:
        raise click.ClickException(f"L'histoire s'arrête là : {surprise}") from None


@click.command()
@click.argument("email")
@click.argument("first_name", metavar="PRENOM", default="")
@click.argument("last_name", metavar="NOM", default="")
@click.option("--role", type=click.Choice(["read", "handle", "administer"]), default="handle", show_default=True)
@click.option("--rearm", is_flag=True, help="Refait l'accès d'un conseiller qui a perdu le sien : tout ce qui lui était ouvert se ferme.")
@click.password_option("--password", prompt="Mot de passe", confirmation_prompt="Encore une fois")
def caseworker(email: str, first_name: str, last_name: str, role: str, rearm: bool, password: str) -> None:
    """Crée un compte de conseiller, ou retrouve le sien, ou le refait (--rearm), et montre le secret de son second facteur."""
    if not rearm and not (first_name and last_name):
        raise click.UsageError(NAMELESS)
    try:
        secret = rearm_caseworker(email, password) if rearm else make_caseworker(email, first_name, last_name, password, role)
    except Refusal as refusal:
        unmet = [f"  – {criterion['label']}" for criterion in refusal.extra.get("criteria", ())]
        raise click.ClickException("\n".join([str(refusal), *unmet])) from None
    except ValueError as wrong:
        raise click.ClickException(str(wrong)) from None
    click.echo(f"Secret à saisir dans l'application d'authentification : {secret}")


def make_caseworker(email: str, first_name: str, last_name: str, password: str, role: str) -> str:
    """The account, made or found by its e-mail; returns the secret of its second factor. Raises ``PasswordRefused``, ``ValueError``."""
    from services.identity import actions

    with one_service("identity") as running, running.working() as work:
        found = actions.create_caseworker(work.for_brand(running.default_brand), email, first_name, last_name, password, role)
        return found.secret


def rearm_caseworker(email: str, password: str) -> str:
    """Another password and another second factor for a caseworker; returns its secret. Raises ``PasswordRefused``, ``ValueError``."""
    from services.identity import actions

    with one_service("identity") as running, running.working() as work:
        return actions.rearm_caseworker(work.for_brand(running.default_brand), email, password).secret


@click.command()
@click.argument("email", required=False)
def totp(email: str | None) -> None:
    """Donne le code du moment du compte EMAIL de la démonstration (le premier conseiller sans argument)."""
    found = next((login for login in logins() if login.totp and email in (None, login.email)), None)
    if found is None:
        raise click.ClickException("Aucun compte de démonstration de ce nom n'a de second facteur. Lancez d'abord : make demo")
    click.echo(found.code)


@contextmanager
def one_service(name: str) -> Iterator[Running]:
    """A service for as long as the ``with`` lasts: the one that the environment tells, else this folder's, its database up to date."""
    from gateway.embedded import find

    services = find((name,))
    with _told(services[name]) if _is_told(name) else _installed(services, name) as running:
        yield running


def refuse_untold(names: Iterable[str]) -> None:
    """Raises ``Misused`` when the data of one of these services is neither told by the environment nor in this folder."""
    if not all(map(_is_told, names)):
        refuse_nowhere()


def _is_told(name: str) -> bool:
    variable = f"AFFILIA_{name}_DATABASE_URL".upper()
    return variable in os.environ or f"{variable}_FILE" in os.environ


@contextmanager
def _told(service: Service) -> Iterator[Running]:
    from affilia.roles import started

    running = started(service)
    try:
        yield running
    finally:
        running.stop()


@contextmanager
def _installed(services: Mapping[str, Service], name: str) -> Iterator[Running]:
    with opened(names=(name,)) as house:
        bring_up_to_date(services.values(), house.databases)
        running = house.start(services[name])
        try:
            yield running
        finally:
            running.stop()
