"""The event catalogue as documents: AsyncAPI 3.1, one JSON Schema a fact for payroll producers, and a page that people read."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

import events
from affilia.generated import keep
from chassis.service import Service
from events.fact import Fact
from gateway.asyncapi import asyncapi, producer_schemas, publisher, summary
from gateway.embedded import find

DOCS = Path("docs")


def page() -> str:
    """The list of facts as people read it: who tells, who listens, what it says."""
    lines = [
        "# Les événements",
        "",
        "Page produite par `make events` à partir de `events/` et des abonnements des services : ne pas modifier à la main.",
        "",
    ]
    for module in sorted({publisher(name) for name in events.CATALOGUE}):
        lines += [f"## {module}", "", "| événement | ce qu'il dit | qui l'écoute | données scellées |", "|---|---|---|---|"]
        lines += [_row(name, kind) for name, kind in events.CATALOGUE.items() if publisher(name) == module]
        lines.append("")
    return "\n".join(lines)


def _row(name: str, kind: type[Fact]) -> str:
    listeners = ", ".join(service.name for service in _services() if name in service.listens_to) or "personne encore"
    sealed = ", ".join(field.name for field in msgspec.structs.fields(kind) if "Sealed" in str(field.type)) or "—"
    return f"| `{name}` | {summary(kind)} | {listeners} | {sealed} |"


def _services() -> list[Service]:
    return list(find().values())


@click.command("events")
@click.option("--check", is_flag=True, help="Vérifie sans écrire : échoue si un document n'est plus à jour.")
def command(check: bool) -> None:
    """Écrit docs/asyncapi.json, docs/events.md et docs/schemas à partir du catalogue."""
    documents = {DOCS / "schemas" / f"{name}.json": _written(schema) for name, schema in producer_schemas().items()}
    described = _written(asyncapi(_services()))
    keep(documents | {DOCS / "asyncapi.json": described, DOCS / "events.md": page()}, check=check, by="make events")


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
