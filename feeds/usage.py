"""The command line in French: its help, its errors in one sentence on the error stream, exit code 2 for what cannot be understood."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click
from click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption


class Refused(click.ClickException):
    """The command stops; the message is French."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"Erreur : {self.message}", file=file, err=True)


class Misused(Refused):
    """The command cannot start; the message is French."""

    exit_code = 2


class AFile(click.ParamType):  # type: ignore[type-arg]  # generic in recent clicks only
    """A file that can be read, as a ``Path``. Raises ``Misused`` otherwise."""

    name = "fichier"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        for stands, reason in FILE_CHECKS:
            if not stands(value):
                raise Misused(f"Le fichier « {value} » {reason}.")
        return Path(value)


class FrenchCommand(click.Command):
    """A command whose help is French, and whose errors are told in French."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _french():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _french():
            return super().invoke(ctx)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Montre cette aide."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Usage : ")


class FrenchGroup(FrenchCommand, click.Group):
    """A group of such commands."""

    command_class = FrenchCommand
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **({"subcommand_metavar": "COMMANDE [ARGUMENTS]…"} | kwargs))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        named = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        with formatter.section("Commandes"):
            formatter.write_dl([(name, command.get_short_help_str(WHOLE)) for name, command in named if command])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise Misused(f"Commande inconnue : {args[0]} (attendu : {', '.join(self.list_commands(ctx))}).")
        return super().resolve_command(ctx, args)


SENTENCES: Mapping[type[click.ClickException], type[Refused]] = {click.ClickException: Refused, click.UsageError: Misused}
"""What our own commands raise, whose sentences are French already, and how they are shown."""

EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)")
"""What click says of arguments that nobody asked for, in its only words."""
WHOLE = 1000
"""Characters of a line of help: none is cut."""

EXPECTED: tuple[tuple[type[Any], str], ...] = (
    (click.DateTime, "une date est attendue, AAAA-MM-JJ"),
    (type(click.INT), "un nombre entier est attendu"),
    (type(click.UUID), "un identifiant (UUID) est attendu"),
)
"""Kind of a parameter → what is said of a value that is not of that kind."""

FILE_CHECKS: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (os.path.exists, "n'existe pas"),
    (lambda path: not os.path.isdir(path), "est un dossier"),
    (lambda path: os.access(path, os.R_OK), "ne peut pas être lu : les droits manquent"),
)
"""What a file must be, and what is said of one that is not."""


@contextmanager
def _french() -> Iterator[None]:
    try:
        yield
    except click.ClickException as error:
        raise _in_french(error) from error


def _in_french(error: click.ClickException) -> click.ClickException:
    """The same error in French; a demand for help, which is one too, is left as it is."""
    match error:
        case MissingParameter(param=click.Option() as option):
            return Misused(f"L'option {option.opts[0]} manque.")
        case MissingParameter(param=click.Parameter() as argument):
            return Misused(f"L'argument {argument.make_metavar(error.ctx) if error.ctx else argument.name} manque.")
        case NoSuchOption():
            return Misused(f"Option inconnue : {error.option_name}.")
        case BadOptionUsage():
            return Misused(f"L'option {error.option_name} est mal employée (valeur absente ou en trop).")
        case BadParameter(param=click.Parameter() as parameter):
            return Misused(f"{_named(parameter)} : {_expected(parameter)}.")
        case click.UsageError() if extra := EXTRA.match(error.message):
            return Misused(f"Argument en trop : {extra[1]}.")
    ours = SENTENCES.get(type(error))
    return ours(error.format_message()) if ours else error


def _named(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return f"Option {parameter.opts[0]}"
    return f"Argument {parameter.metavar or str(parameter.name).upper()}"


def _expected(parameter: click.Parameter) -> str:
    if isinstance(parameter.type, click.Choice):
        return f"l'une de ces valeurs est attendue, {', '.join(map(str, parameter.type.choices))}"
    return next((said for kind, said in EXPECTED if isinstance(parameter.type, kind)), "cette valeur ne convient pas")
