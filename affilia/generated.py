"""Documents that code writes: kept in the repository so that a change shows in review, checked so that they never lie."""

from collections.abc import Mapping
from pathlib import Path

import click

from feeds.usage import Misused

CODE = Path("affilia/cli.py")
"""What only the folder of the project has."""


def keep(documents: Mapping[Path, str], *, check: bool, by: str) -> None:
    """Write the documents, or with ``check`` refuse (exit 1) when one differs from what the code says now."""
    refuse_elsewhere()
    stale = [path for path, text in documents.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and stale:
        raise click.ClickException(f"À refaire par « {by} » : {', '.join(map(str, stale))}")
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents[path], encoding="utf-8")
        click.echo(f"écrit : {path}")


def refuse_elsewhere() -> None:
    """Raises ``Misused`` outside the folder of the project: there is nothing to read there, and nothing to write."""
    if not CODE.exists():
        raise Misused("Lancez cette commande dans le dossier du projet : il n'est pas ici.")
