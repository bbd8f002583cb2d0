"""What a command line that cannot be understood is told: a French sentence on the error stream, and exit code 2."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import click
from click.exceptions import BadOptionUsage, MissingParameter, NoSuchOption


class Misused(click.ClickException):
    """The command cannot start; the message is French."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"Erreur : {self.message}", file=file, err=True)


class AFile(click.ParamType):  # type: ignore[type-arg]  # generic in recent clicks only
    """A file that can be read, as a ``Path``. Raises ``Misused`` otherwise."""

    name = "fichier"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        for stands, reason in FILE_CHECKS:
            if not stands(value):
                raise Misused(f"Le fichier « {value} » {reason}.")
        return Path(value)


class FrenchCommand(click.Command):
    """A command whose missing or unknown arguments are told in French."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        try:
            return super().make_context(*args, **kwargs)
        except click.UsageError as error:
            raise _in_french(error) from error


class FrenchGroup(FrenchCommand, click.Group):
    """A group of such commands."""

    command_class = FrenchCommand
    group_class = type

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise Misused(f"Commande inconnue : {args[0]} (attendu : {', '.join(self.list_commands(ctx))}).")
        return super().resolve_command(ctx, args)


FILE_CHECKS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (os.path.exists, "n'existe pas"),
    (lambda path: not os.path.isdir(path), "est un dossier"),
    (lambda path: os.access(path, os.R_OK), "ne peut pas être lu : les droits manquent"),
)
"""What a file must be, and what is said of one that is not."""


def _in_french(error: click.UsageError) -> click.ClickException:
    """The same error in French; one that has no sentence here (a demand for help is one) is left as it is."""
    match error:
        case MissingParameter(param=click.Option() as option):
            return Misused(f"L'option {option.opts[0]} manque.")
        case MissingParameter(param=click.Parameter() as argument):
            return Misused(f"L'argument {argument.make_metavar(error.ctx) if error.ctx else argument.name} manque.")
        case NoSuchOption():
            return Misused(f"Option inconnue : {error.option_name}.")
        case BadOptionUsage():
            return Misused(f"L'option {error.option_name} est mal employée (valeur absente ou en trop).")
    return error
