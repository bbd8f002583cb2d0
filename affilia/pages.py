"""The pages that business people read, drawn from the tables that decide: the two lifecycles, and the motives of the ends of contract."""

from pathlib import Path

import click

from affilia.generated import keep
from services.affiliation import lifecycle as affiliation
from services.members import lifecycle as rights
from services.members.rules import motives

DOCS = Path("docs")


def pages() -> dict[Path, str]:
    """Every page, by where it is kept."""
    return {DOCS / "lifecycle.md": affiliation.page(), DOCS / "rights.md": rights.page(), DOCS / "motives.md": motives.page()}


@click.command("pages")
@click.option("--check", is_flag=True, help="Vérifie sans écrire : échoue si une page n'est plus à jour.")
def command(check: bool) -> None:
    """Écrit docs/lifecycle.md, docs/rights.md et docs/motives.md à partir des tables."""
    keep(pages(), check=check, by="make pages")
