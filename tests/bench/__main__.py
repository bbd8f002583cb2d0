"""``make bench``: every benchmark, or those named, and one table; ``--write`` keeps it in ``docs/figures.md``."""

import importlib
import logging
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from chassis import logs
from tests.bench.readings import Reading

PAGE = Path("docs/figures.md")
BENCHES: Mapping[str, str] = {
    "dsn-applied": "Faits de paie appliqués (broker → inbox, droits, audit, outbox)",
    "noemie-applied": "Décomptes appliqués (broker → inbox, lignes réglées, audit, outbox)",
    "relay": "Relais (outbox → publication confirmée)",
    "delay": "Du commit à l'effet dans un autre service, à 200 événements par seconde",
    "gateway": "Passerelle",
    "employees": "Recherche parmi un million d'affiliations de 50 000 établissements",
    "list-page": "Une page de 50 lignes",
    "locating": "Localiser parmi 35 000 communes et 300 000 professionnels",
    "excel": "Export Excel de 200 000 lignes",
    "newcomers": "Fichier de 5 000 nouveaux salariés",
    "dsn-reader": "Lecture d'un fichier DSN",
    "national-month": "Un mois national, du fichier aux droits",
    "audit": "Piste d'audit d'un million de lignes",
}
"""Each lives in the module of its name, which has ``run(rounds) -> list[Reading]``."""


SIZED = ("national-month",)
"""Those that are told how many people there are."""


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(BENCHES)))
@click.option("--rounds", default=5, show_default=True, help="Le nombre de tours ; chaque côté d'une comparaison joue à chaque tour.")
@click.option("--individuals", default=200_000, show_default=True, help="La taille du pays de « national-month ».")
@click.option("--write", is_flag=True, help="Écrit le tableau dans docs/figures.md.")
def main(names: tuple[str, ...], rounds: int, individuals: int, write: bool) -> None:
    """Mesure, montre les médianes, et dit ce qui tient et ce qui ne tient pas."""
    if write and names:
        raise click.UsageError("--write garde le tableau entier : ne choisissez aucune mesure.")
    logs.configure(pretty=True, level=logging.WARNING)
    found: dict[str, list[Reading]] = {}
    for name in names or BENCHES:
        click.echo(click.style(BENCHES[name], bold=True))
        found[name] = _bench(name, individuals)(rounds)
        for reading in found[name]:
            click.echo(f"  {'✓' if reading.kept else '✗'} {reading.what} : {reading.found} ({reading.promised}) {reading.beside}")
    if write:
        PAGE.write_text(page(found))
    sys.exit(0 if all(reading.kept for readings in found.values() for reading in readings) else 1)


def _bench(name: str, individuals: int) -> Callable[[int], list[Reading]]:
    run: Callable[..., list[Reading]] = importlib.import_module(f"tests.bench.{name.replace('-', '_')}").run
    return partial(run, individuals=individuals) if name in SIZED else run


def page(found: Mapping[str, Iterable[Reading]]) -> str:
    """The table as a document."""
    lines = [
        "# Les chiffres",
        "",
        f"Page écrite par `make bench` le {datetime.now(UTC):%d/%m/%Y}, sur une machine {platform.machine()} à {os.cpu_count()} cœurs, "
        f"Python {platform.python_version()}. Les côtés d'un rapport jouent tour à tour, et ce sont leurs médianes qui se comparent.",
        "",
        "| mesure | trouvé | promis | tenu | détail |",
        "|---|---|---|---|---|",
    ]
    for name, readings in found.items():
        lines.append(f"| **{BENCHES[name]}** | | | | |")
        lines += [f"| {one.what} | {one.found} | {one.promised} | {'oui' if one.kept else 'non'} | {one.beside} |" for one in readings]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
