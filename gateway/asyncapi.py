"""The event catalogue as documents for programs: AsyncAPI 3.1, and one JSON Schema a fact for payroll producers."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

import events
from chassis.service import Service
from events.fact import Fact, Sealed

FEEDS = ("dsn", "noemie")
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
    feeds = {name: kind for name, kind in events.CATALOGUE.items() if publisher(name) in FEEDS}
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


def asyncapi(services: Iterable[Service]) -> dict[str, Any]:
    """The whole catalogue as one AsyncAPI 3.1 document: a channel and a message a fact, an operation for who tells and who listens."""
    found, listening = schemas(), list(services)
    return {
        "asyncapi": "3.1.0",
        "info": {
            "title": "Affilia : les événements",
            "version": "1",
            "description": "Ce que les services et les producteurs de flux se disent.",
        },
        "defaultContentType": "application/json",
        "channels": {name: _channel(name, kind) for name, kind in events.CATALOGUE.items()},
        "operations": dict(pair for name in events.CATALOGUE for pair in _operations(name, listening)),
        "components": {
            "schemas": found["components"],
            "messages": {name: _message(name, kind, found) for name, kind in events.CATALOGUE.items()},
        },
    }


def _channel(name: str, kind: type[Fact]) -> dict[str, Any]:
    bound = {"amqp": {"is": "routingKey", "exchange": {"name": "affilia.events", "type": "topic", "durable": True}}}
    return {
        "address": name,
        "description": summary(kind),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "bindings": bound,
    }


def _message(name: str, kind: type[Fact], found: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "title": kind.__name__,
        "summary": summary(kind),
        "contentType": "application/json",
        "headers": ENVELOPE,
        "payload": found["facts"][name],
        "examples": [{"payload": json.loads(path.read_text())}] if (path := _sample(name)).exists() else [],
    }


def _operations(name: str, services: Sequence[Service]) -> list[tuple[str, dict[str, Any]]]:
    channel = {"$ref": f"#/channels/{name}"}
    told = {"action": "send", "channel": channel, "title": f"{publisher(name)} le dit"}
    heard = [
        (f"{service.name}.hears.{name}", {"action": "receive", "channel": channel, "title": f"{service.name} l'écoute"})
        for service in services
        if name in service.listens_to
    ]
    return [(f"{publisher(name)}.tells.{name}", told), *heard]


def publisher(name: str) -> str:
    """Who tells a fact."""
    return name.split(".")[0]


def summary(kind: type[Fact]) -> str:
    """The first sentence of its docstring."""
    return " ".join((kind.__doc__ or "").split("\n\n")[0].split()).replace("|", "/").replace("``", "`")


def _sample(name: str) -> Path:
    return Path(events.__file__).parent / "samples" / f"{name}.json"
