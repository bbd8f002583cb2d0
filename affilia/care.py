"""``affilia care``: the open registers and the insurer's own lists become the care network of the members' space."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import click

from affilia.operations import one_service

KINDS = ("rpps", "finess", "partners", "agencies")
MOST_SHOWN = 20
NOTHING = "Aucune ligne lisible : rien n'est changé."


@click.group("care")
def command() -> None:
    """Tient à jour le réseau de soins : professionnels, partenaires, agences."""


@command.command("import")
@click.argument("kind", metavar="GENRE", type=click.Choice(KINDS))
@click.argument("file", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--told-on", type=click.DateTime(["%Y-%m-%d"]), help="Le jour dont parle le fichier (sinon, celui de son écriture).")
def load(kind: str, file: Path, told_on: datetime | None) -> None:
    """Remplace ce que disait le fichier précédent de ce GENRE (rpps, finess, partners, agencies) par FICHIER.

    rpps : PS_LibreAcces_Personne_activite ; finess : l'extraction « structureet » ; partners et agencies : CSV, voir docs/operations.md.
    """
    day = told_on.date() if told_on else date.fromtimestamp(file.stat().st_mtime)
    faults = Faults()
    kept = _loaded(kind, file, day, faults)
    faults.show()
    click.echo(f"{file.name} : lignes gardées, {kept} ; refusées, {faults.found}")


@command.command("partner-key")
@click.argument("partner", metavar="PARTENAIRE")
def show_key(partner: str) -> None:
    """Montre le secret partagé avec PARTENAIRE (sa clé dans la marque), à lui remettre par un canal sûr : il vérifie les liens avec lui."""
    from services.members.actions.services import partner_key

    with one_service("members"):
        click.echo(urlsafe_b64encode(partner_key(partner)).rstrip(b"=").decode())


class Faults:
    """The lines that could not be read: counted, the first ones kept to be shown."""

    def __init__(self) -> None:
        self.found = 0
        self.first: list[Any] = []

    def aside(self, lines: Iterable[Any]) -> Iterator[dict[str, Any]]:
        """The rows, without the lines at fault."""
        for line in lines:
            if isinstance(line, dict):
                yield line
                continue
            self.found += 1
            if len(self.first) < MOST_SHOWN:
                self.first.append(line)

    def show(self) -> None:
        for fault in self.first:
            click.echo(f"  ligne {fault.line} : {fault.sentence}", err=True)
        if self.found > len(self.first):
            click.echo(f"  … et {self.found - len(self.first)} autres", err=True)


def _loaded(kind: str, file: Path, day: date, faults: Faults) -> int:
    from services.members.access.care import locator
    from services.members.actions import care
    from services.members.adapters.care_files import READERS, Unexpected

    with file.open("rb") as content:
        edition = care.Edition(kind, file_digest(content, "sha256").hexdigest()[:16], day)
    with one_service("members") as running, running.working() as work:
        try:
            kept = care.load(work.session, edition, faults.aside(READERS[kind](file, locator(work.session))), work.now)
        except Unexpected as unlike:
            raise click.ClickException(f"{file.name}, {unlike}. Rien n'est changé.") from None
        if not kept:
            faults.show()
            raise click.ClickException(NOTHING)
        work.audit("care.loaded", f"reference:{kind}", lines=kept, refused=faults.found, edition=edition.digest)
    return kept
