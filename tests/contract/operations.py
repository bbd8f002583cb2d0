"""The operations of the merged OpenAPI document, and a plausible request for each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.http import EVERYONE
from identifiers import invented

METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"
PLAUSIBLE = {
    "nir": invented.nir("plausible"),
    "siren": invented.siren("plausible"),
    "siret": invented.siret("plausible"),
    "iban": invented.iban("plausible"),
    "phone": "+33639980009",
    "person-name": "Claire",
    "email": "claire@exemple.example",
    "date": "2026-03-01",
    "date-time": "2026-03-01T10:00:00+00:00",
    "uuid": str(UUID(int=7)),
}


@dataclass(frozen=True)
class Operation:
    """One line of the document. ``body`` is the schema of a JSON body, ``None`` when it takes none."""

    method: str
    path: str
    raw: Mapping[str, Any]
    schemas: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def service(self) -> str:
        return self.path.split("/")[2]

    @property
    def audiences(self) -> tuple[str, ...]:
        """Who may call, ``anonymous`` standing for everyone."""
        return tuple("anonymous" if kind == EVERYONE else kind for kind in self.raw["x-audience"])

    @property
    def body(self) -> Any:
        content = self.raw.get("requestBody", {}).get("content", {})
        return content[JSON]["schema"] if JSON in content else None

    @property
    def fields(self) -> Mapping[str, Any]:
        """The properties of the JSON body."""
        found: Mapping[str, Any] = self._resolved(self.body or {}).get("properties", {})
        return found

    @property
    def required(self) -> list[str]:
        """The properties that the JSON body must have."""
        found: list[str] = self._resolved(self.body or {}).get("required", [])
        return found

    def names(self) -> list[str]:
        """The parameters of the path, in order."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    def url(self, values: Mapping[str, Any]) -> str:
        """The path with its parameters; one that ``values`` does not name gets the id of nothing."""
        return self.path.format(**{name: values.get(name, PLAUSIBLE["siren" if name == "siren" else "uuid"]) for name in self.names()})

    def plausible(self) -> Any:
        """A body that can be read, whatever it then means."""
        return self._value(self.body)

    def _value(self, schema: Any) -> Any:
        schema = self._resolved(schema)
        kinds = schema.get("type", "object")
        kind = kinds if isinstance(kinds, str) else kinds[0]
        if "enum" in schema:
            return schema["enum"][0]
        if kind == "object":
            return {name: self._value(value) for name, value in schema.get("properties", {}).items()}
        if kind == "array":
            return [self._value(schema["items"])]
        scalars = {"integer": max(1, schema.get("minimum", 1)), "number": 1, "boolean": True}
        return scalars.get(kind) or schema.get("example") or PLAUSIBLE.get(schema.get("format", ""), "texte plausible")

    def _resolved(self, schema: Any) -> Any:
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        return self.schemas[reference.rpartition("/")[2]] if reference else schema


def all_of(document: Mapping[str, Any]) -> list[Operation]:
    """Every operation of the services; the producers' own door is tested where it lives."""
    return list(_found(document))


def _found(document: Mapping[str, Any]) -> Iterator[Operation]:
    schemas = document["components"]["schemas"]
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item and "x-audience" in item[method]:
                yield Operation(method.upper(), path, item[method], schemas)
