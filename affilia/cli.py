"""The one command, ``affilia``. Each subcommand is imported when it is called, so that a producer needs only what a producer needs."""

import importlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from feeds.usage import FrenchGroup, Refused

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("affilia.demo:demo", "Démarre et peuple toute la plateforme en un processus."),
    "dev": ("affilia.dev:dev", "Comme demo, et redémarre quand le code change."),
    "serve": ("affilia.operations:serve", "Sert la plateforme installée ici, sans la peupler."),
    "run": ("affilia.roles:command", "Joue un rôle (web, edge, worker, relay, migrate) d'un service ou de tous."),
    "nginx": ("affilia.nginx:command", "Écrit la configuration de nginx, le chemin des données."),
    "migrate": ("affilia.operations:migrate", "Met les bases à jour."),
    "seed": ("affilia.demo:seed", "Joue les données de démonstration à travers l'API."),
    "story": ("affilia.operations:story", "Raconte l'histoire sur l'instance qui tourne."),
    "reset": ("affilia.local:reset", "Oublie toutes les données locales."),
    "replay": ("affilia.operations:replay", "Rejoue les événements mis de côté."),
    "audit": ("affilia.trail:command", "Éprouve la piste d'audit des services."),
    "events": ("affilia.catalogue:command", "Écrit le catalogue des événements."),
    "pages": ("affilia.pages:command", "Écrit les pages que les métiers relisent : parcours, droits, motifs."),
    "openapi": ("affilia.operations:openapi", "Écrit la description de l'API (OpenAPI 3.1)."),
    "guides": ("affilia.guides:command", "Dit quels parcours prouvent chaque ligne des guides utilisateurs."),
    "doctor": ("affilia.doctor:doctor", "Examine cette machine et dit ce qui manque."),
    "feed": ("feeds.cli:feed", "Alimente la plateforme à partir des fichiers de paie (DSN)."),
    "prepare": ("affilia.prepare:prepare", "Prépare une installation répartie : ses secrets, puis ses bases."),
    "files": ("affilia.files:files", "Éprouve le magasin des fichiers, ou le crée."),
    "health": ("affilia.health:health", "Dit si une pièce répond : l'adresse d'un web, le battement d'un worker ou d'un relais."),
    "caseworker": ("affilia.operations:caseworker", "Crée, ou refait, l'accès d'un conseiller et son second facteur."),
    "producer": ("affilia.producer:producer", "Admet un producteur de faits de paie, pour certaines entreprises."),
    "care": ("affilia.care:command", "Tient à jour le réseau de soins : professionnels, partenaires, agences."),
    "totp": ("affilia.operations:totp", "Donne le code du moment d'un compte de démonstration."),
}
"""Subcommand → where it is defined, and its line of help: listing the commands imports none of them."""

EXTRAS = {"feeds.cli": "feed"}
"""Modules that a smaller installation than ``platform`` is enough for."""

FEED_TOKEN = "AFFILIA_FEED_TOKEN"
KEYS = Path(".affilia/keys/keys.json")
"""The keys of the installation in this folder: a demo's own producer needs no other token."""
HERE = re.compile(r"(--to=)?http://(localhost|127\.0\.0\.1)(:\d+)?/?$")
"""An argument that addresses this machine."""


class Lazy(FrenchGroup):
    """A group that imports a subcommand only to run it, and says a bad setting in one sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            config = sys.modules.get("chassis.config")  # nobody who has not imported it can have raised its error
            if config is None or not isinstance(error, config.BadConfiguration):
                raise
            raise Refused(str(error)) from None

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["feed"] and any(map(HERE.match, args)):
            _lend_token()
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return _load(COMMANDS[cmd_name][0]) if cmd_name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes"):
            formatter.write_dl([(name, sentence) for name, (_target, sentence) in COMMANDS.items()])


def _load(target: str) -> Any:
    """The command at ``module:attribute``. A missing library says what to install; a fault of ours is not hidden."""
    module, _colon, attribute = target.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as error:
        missing = str(error.name)
        if missing.split(".")[0] in ("affilia", "chassis", "events", "feeds", "gateway", "services"):
            raise
        extra = EXTRAS.get(module, "platform")
        raise click.ClickException(f"La bibliothèque « {missing} » manque. Installez-la : pip install 'affilia[{extra}]'") from error


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="affilia", prog_name="affilia", help="Montre la version.")
def main() -> None:
    """Affilia, la plateforme ouverte d'un gestionnaire de complémentaire santé."""


def _lend_token(file: Path = KEYS) -> None:
    """Without a token of its own, a producer beside an installation publishes to it, and to nobody else, with that installation's."""
    if FEED_TOKEN in os.environ or not file.exists():
        return
    from affilia import keys

    try:
        os.environ[FEED_TOKEN] = keys.load(file).feed_token
    except ValueError as unreadable:
        raise click.ClickException(str(unreadable)) from None


if __name__ == "__main__":
    main()
