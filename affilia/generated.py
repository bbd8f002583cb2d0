"""Documents that code writes: kept in the repository so that a change shows in review, checked so that they never lie."""

from collections.abc import Mapping
from pathlib import Path

import click


def keep(documents: Mapping[Path, str], *, check: bool, by: str) -> None:
    """Write the documents, or with ``check`` refuse (exit 1) when one differs from what the code says now."""
    stale = [path for path, text in documents.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check and stale:
        raise click.ClickException(f"À refaire par « {by} » : {', '.join(map(str, stale))}")
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(documents[path], encoding="utf-8")
        click.echo(f"écrit : {path}")
