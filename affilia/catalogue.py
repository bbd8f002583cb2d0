"""The event catalogue as documents: AsyncAPI 3.1, one JSON Schema a fact for payroll producers, and a page that people read."""

import json
from pathlib import Path
from typing import Any

import click
import msgspec

import events
from affilia.generated import keep
from chassis.service import Service
from events.fact import Fact, Sealed
from gateway.embedded import find

DOCS = Path("docs")
FEED = "dsn"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
SEALED_SCHEMA = {
    "type": "string",
    "format": "sealed",
    "pattern": r"^[\w-]+\.[\w-]+$",
    "description": "Donnée personnelle scellée : « clé.base64url(nonce | AES-256-GCM) », liée au nom de l'événement.",
}
ENVELOPE = {
    "type": "object",
    "required": ["cloudEvents:id", "cloudEvents:type", "cloudEvents:source", "cloudEvents:time", "cloudEvents:subject"],
    "properties": {
        "cloudEvents:id": {"type": "string", "format": "uuid"},
        "cloudEvents:type": {"type": "string"},
        "cloudEvents:source": {"type": "string"},
        "cloudEvents:time": {"type": "string", "format": "date-time"},
        "cloudEvents:subject": {"type": "string"},
        "cloudEvents:brand": {"type": "string"},
        "cloudEvents:contentkey": {"type": "string", "description": "Clé de contenu d'un producteur, scellée pour la plateforme."},
        "traceparent": {"type": "string"},
    },
}


def producer_schemas() -> dict[str, dict[str, Any]]:
    """What a payroll producer validates a body against before publishing it: a schema that stands alone, by name of fact."""
    feeds = {name: kind for name, kind in events.CATALOGUE.items() if publisher(name) == FEED}
    return {name: {"$schema": DIALECT, "title": name, **msgspec.json.schema(kind, schema_hook=_sealed)} for name, kind in feeds.items()}


def schemas() -> dict[str, Any]:
    """The JSON Schema of every fact and of what facts hold, by component name."""
    names = list(events.CATALOGUE)
    refs, components = msgspec.json.schema_components(
        [events.CATALOGUE[name] for name in names], schema_hook=_sealed, ref_template="#/components/schemas/{name}"
    )
    return {"facts": dict(zip(names, refs, strict=True)), "components": components}


def _sealed(kind: type) -> dict[str, Any]:
    if kind is Sealed:
        return dict(SEALED_SCHEMA)
    raise NotImplementedError(kind)


def asyncapi() -> dict[str, Any]:
    """The whole catalogue as one AsyncAPI 3.1 document: a channel and a message a fact, an operation for who tells and who listens."""
    found = schemas()
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Affilia : les événements",
            "version": "1",
            "description": "Ce que les services et les producteurs de flux se disent.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name, kind) for name, kind in events.CATALOGUE.items()},
        "operations": dict(pair for name in events.CATALOGUE for pair in _operations(name)),
        "components": {
            "schemas": found["components"],
            "messages": {name: _message(name, kind, found) for name, kind in events.CATALOGUE.items()},
        },
    }


def _channel(name: str, kind: type[Fact]) -> dict[str, Any]:
    bound = {"amqp": {"is": "routingKey", "exchange": {"name": "affilia.events", "type": "topic", "durable": True}}}
    return {
        "address": name,
        "description": _summary(kind),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": bound,
    }


def _message(name: str, kind: type[Fact], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": kind.__name__,
        "summary": _summary(kind),
        "contentType": "application/json",
        "headers": ENVELOPE,
        "payload": found["facts"][name],
        "examples": [{"payload": json.loads(path.read_text())}] if (path := _sample(name)).exists() else [],
    }


def _operations(name: str) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{name}"}
    told = {"action": "send", "channel": channel, "title": f"{publisher(name)} le dit"}
    heard = [
        (f"{service.name}.hears.{name}", {"action": "receive", "channel": channel, "title": f"{service.name} l'écoute"})
        for service in _services()
        if name in service.listens_to
    ]
    return [(f"{publisher(name)}.tells.{name}", told), *heard]


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
    return f"| `{name}` | {_summary(kind)} | {listeners} | {sealed} |"


def publisher(name: str) -> str:
    return name.split(".")[0]


def _summary(kind: type[Fact]) -> str:
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).replace("|", "/").replace("``", "`")


def _sample(name: str) -> Path:
    return Path(events.__file__).parent / "samples" / f"{name}.json"


def _services() -> list[Service]:
    return list(find().values())


@click.command("events")
@click.option("--check", is_flag=True, help="Vérifie sans écrire : échoue si un document n'est plus à jour.")
def command(check: bool) -> None:
    """Écrit docs/asyncapi.json, docs/events.md et docs/schemas à partir du catalogue."""
    documents = {DOCS / "schemas" / f"{name}.json": _written(schema) for name, schema in producer_schemas().items()}
    keep(documents | {DOCS / "asyncapi.json": _written(asyncapi()), DOCS / "events.md": page()}, check=check, by="make events")


def _written(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
