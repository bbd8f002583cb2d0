"""The platform's one API description (OpenAPI 3.1), merged from what each service says of itself; a pure function of those documents."""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from chassis.http import CREATES, EVERYONE
from chassis.labels import _
from chassis.problems import HTTP_TITLES, PROBLEM_JSON
from chassis.service import Service
from gateway import flows
from gateway.routing import PREFIX
from gateway.upstream import Upstream

Document = dict[str, Any]
DROPPED = frozenset({"Error", "PaginationMetadata"})
"""Schemas that the library writes in every document and that no answer of ours uses."""

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
WITH_BODY = frozenset({"post", "put", "patch"})
EVERYWHERE = (400, 401, 403, 404, 422, 429, 503)
ON_CHANGE = (409, 413, 415)
SIGNED_IN: list[Document] = [{"session": []}, {"cookie": []}]
REF = "#/components/schemas/"

INTRODUCTION = _(
    """La plateforme ouverte d'un gestionnaire de complémentaire santé. Pour l'appeler :

1. Choisissez l'hôte de l'espace : `assure.…` pour les assurés, `entreprise.…` pour les employeurs, `conseil.…` pour les conseillers.
2. Ouvrez une session : `POST /api/identity/sessions` avec `email` et `password` ; la réponse porte `challenge_id`.
3. Demandez un code : `POST /api/identity/challenges/{id}/code` avec `{"channel": "sms"}` (un conseiller a son application de codes).
   Un compte sans mobile connu demande d'abord `{"channel": "email"}`, puis enregistre son mobile.
4. Rendez-le : `POST /api/identity/challenges/{id}/proof` avec `{"code": "…"}` ; la réponse porte `token`.
5. Donnez ce jeton à « Authorize », ou dans l'en-tête `Authorization: Bearer …` : il ne vaut que dans l'espace qui l'a donné.
"""
)
SERVERS: list[Document] = [
    {"url": "/", "description": _("L'espace de l'adresse où vous lisez cette page")},
    {"url": "http://assure.hcr.localhost:8080", "description": _("Démonstration : espace assuré")},
    {"url": "http://entreprise.hcr.localhost:8080", "description": _("Démonstration : espace entreprise")},
    {"url": "http://conseil.hcr.localhost:8080", "description": _("Démonstration : espace conseil")},
]
"""The pages' policy lets a page call its own host alone: the page's own address comes first, the others are for programs."""

PROBLEM: Document = {
    "type": "object",
    "description": "Un refus, selon la RFC 9457. « type » est stable et mène à une page qui l'explique.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problemes/donnees-invalides"]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "index": {"type": "integer"},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}
SECURITY: Document = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "Le jeton opaque que donne l'ouverture de session (applications mobiles, tiers).",
    },
    "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-affilia", "description": "Le même jeton, pour un navigateur."},
    "feed": {"type": "http", "scheme": "bearer", "description": "Le jeton d'un producteur de paie."},
}
IDEMPOTENCY: Document = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "La même clé et le même corps donnent la même réponse : un envoi répété ne crée qu'une fois.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}


def gathered(upstream: Upstream, services: Mapping[str, Service]) -> Document:
    """The description of the services that run. Raises ``Down`` when one of them does not answer."""
    documents = {name: upstream.ask(name, "GET", "/_/openapi.json").json() for name in services}
    return merged(documents, services, version("affilia"))


def merged(documents: Mapping[str, Document], services: Mapping[str, Service], release: str) -> Document:
    """One document out of each service's. Schema names bear their service's, paths stand under ``/api/<service>``."""
    parts = [_part(name, document, services[name]) for name, document in sorted(documents.items())]
    schemas = {"Problem": PROBLEM} | {key: value for part in parts for key, value in part["components"]["schemas"].items()}
    paths = {path: item for part in parts for path, item in part["paths"].items()}
    flows.tell(paths, services)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Affilia",
            "version": release,
            "description": INTRODUCTION,
        },
        "servers": SERVERS,
        "tags": [tag for part in parts for tag in part["tags"]] + [{"name": FEED_TAG}],
        "paths": paths | FEED_PATHS,
        "components": {"schemas": schemas | FEED_SCHEMAS, "responses": _problems(), "securitySchemes": SECURITY},
    }


def _part(name: str, document: Document, service: Service) -> Document:
    """One service's document, its names made the platform's."""
    audiences = {door.name: tuple(door.audience) for door in service.doors}
    schemas = {key: value for key, value in document.get("components", {}).get("schemas", {}).items() if key not in DROPPED}
    paths = {f"{PREFIX}{name}{path}": item for path, item in document.get("paths", {}).items() if not path.startswith("/_/")}
    renamed: Document = _renamed(
        {"components": {"schemas": {_prefixed(name, key): value for key, value in schemas.items()}}, "paths": paths}, name
    )
    for path, item in renamed["paths"].items():
        for method, operation in _operations(item):
            _complete(operation, method, path, service, audiences)
    return renamed | {"tags": [{"name": service.title}]}


def _prefixed(service: str, schema: str) -> str:
    return schema if schema.lower().startswith(service) else service.capitalize() + schema


def _renamed(node: Any, service: str) -> Any:
    """The same tree, every schema reference given its service's name."""
    if isinstance(node, list):
        return [_renamed(child, service) for child in node]
    if not isinstance(node, dict):
        return node
    return {
        key: REF + _prefixed(service, value.removeprefix(REF))
        if key == "$ref" and isinstance(value, str) and value.startswith(REF)
        else _renamed(value, service)
        for key, value in node.items()
    }


def _operations(item: Document) -> Iterable[tuple[str, Document]]:
    return ((method, operation) for method, operation in item.items() if method in METHODS)


def _complete(operation: Document, method: str, path: str, service: Service, audiences: Mapping[str, tuple[str, ...]]) -> None:
    """Add what the service cannot know: a unique name, who may call, every way to be refused."""
    door = (operation.get("tags") or [""])[0]
    audience = audiences.get(door, ())
    operation["operationId"] = re.sub(r"[^a-z0-9]+", "_", f"{path.removeprefix(PREFIX)}_{method}".lower()).strip("_")
    operation["tags"] = [service.title]
    operation["security"] = [] if EVERYONE in audience else SIGNED_IN
    operation["x-audience"] = list(audience)
    kept = {status: answer for status, answer in operation.get("responses", {}).items() if status.isdigit() and int(status) < 400}
    named = {status: answer for status, answer in operation.get("responses", {}).items() if status.isdigit() and int(status) >= 400}
    refusals = {str(status): _refusal(status, named.get(str(status))) for status in sorted({*_statuses(method), *map(int, named)})}
    operation["responses"] = kept | refusals
    if operation.pop(CREATES, False):
        operation["parameters"] = [*operation.get("parameters", []), IDEMPOTENCY]


def _statuses(method: str) -> tuple[int, ...]:
    return EVERYWHERE + (ON_CHANGE if method in WITH_BODY else (409,) if method == "delete" else ())


def _refusal(status: int, named: Document | None) -> Document:
    """A refusal the service describes keeps its words; the others are the platform's."""
    if named and named.get("description") and "$ref" not in named:
        return {"description": named["description"], "content": PROBLEM_CONTENT}
    return {"$ref": f"#/components/responses/Problem{status}"} if status in HTTP_TITLES or status == 409 else _answer("Refus.")


def _answer(description: str) -> Document:
    return {"description": description, "content": PROBLEM_CONTENT}


def _problems() -> Document:
    sentences = {status: title for status, (_slug, title) in HTTP_TITLES.items()} | {
        409: _("L'état des choses ne permet pas cette action.")
    }
    return {f"Problem{status}": _answer(sentence) for status, sentence in sorted(sentences.items())}


PROBLEM_CONTENT: Document = {PROBLEM_JSON: {"schema": {"$ref": f"{REF}Problem"}}}
FEED_TAG = "Flux de paie"
FEED_SCHEMAS: Document = {
    "FeedEvent": {
        "type": "object",
        "description": "Un événement CloudEvents 1.0 ; « data » suit le schéma publié pour son type (docs/events.md).",
        "required": ["specversion", "id", "type", "source", "subject", "time", "data"],
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "type": {"type": "string", "pattern": r"^dsn\."},
            "source": {"type": "string", "minLength": 1, "maxLength": 300},
            "subject": {"type": "string", "minLength": 1, "maxLength": 300},
            "time": {"type": "string", "format": "date-time"},
            "datacontenttype": {"const": "application/json"},
            "contentkey": {"type": "string", "description": "La clé du lot, scellée pour la plateforme."},
            "data": {"type": "object"},
        },
    },
    "FeedReceipt": {
        "type": "object",
        "required": ["accepted"],
        "properties": {
            "accepted": {"type": "integer"},
            "repeated": {"type": "integer", "description": "Combien étaient déjà connus ; absent quand un courtier porte les faits."},
        },
    },
    "FeedKey": {
        "type": "object",
        "required": ["id", "public_key"],
        "properties": {"id": {"type": "string"}, "public_key": {"type": "string", "description": "X25519, base64url sans remplissage."}},
    },
    "FeedProducer": {
        "type": "object",
        "required": ["name", "sirens"],
        "properties": {
            "name": {"type": "string"},
            "sirens": {
                "type": ["array", "null"],
                "items": {"type": "string"},
                "description": "Les entreprises pour lesquelles ce producteur déclare ; « null » : toutes.",
            },
        },
    },
    "FeedAsked": {
        "type": "object",
        "required": ["ids"],
        "additionalProperties": False,
        "properties": {"ids": {"type": "array", "maxItems": 500, "items": {"type": "string", "format": "uuid"}}},
    },
    "FeedReceipts": {
        "type": "object",
        "required": ["items"],
        "properties": {
            "items": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["id", "state", "state_label", "reason"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid"},
                        "state": {"type": "string", "examples": ["applied", "waiting", "superseded", "noted", "queued", "parked"]},
                        "state_label": {"type": "string"},
                        "reason": {"type": "string"},
                    },
                },
            }
        },
    },
    "FeedReport": {
        "type": "object",
        "required": ["kind", "kind_label", "declarations", "facts", "ignored", "refused", "lines"],
        "properties": {
            "kind": {"enum": ["dsn", "events", "csv"]},
            "kind_label": {"type": "string"},
            "declarations": {"type": "integer"},
            "facts": {"type": "integer"},
            "ignored": {"type": "integer", "description": "Déclarations de test."},
            "refused": {"type": "integer", "description": "Défauts trouvés ; les 200 premiers sont dans « lines »."},
            "lines": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["line", "reason"],
                    "properties": {
                        "line": {"type": "integer"},
                        "reason": {"type": "string"},
                        "rubrique": {"type": "string"},
                    },
                },
            },
        },
    },
}


def _json(description: str, schema: str) -> Document:
    return {"description": description, "content": {"application/json": {"schema": {"$ref": REF + schema}}}}


def _refusals(*statuses: int) -> Document:
    return {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


FEED_PATHS: Document = {
    "/_feed/events": {
        "post": {
            "operationId": "feed_events_post",
            "tags": [FEED_TAG],
            "summary": "Remettre un lot d'événements de paie",
            "description": "500 événements et 5 Mo au plus. Un seul événement refusé, et rien du lot n'est pris.",
            "security": [{"feed": []}],
            "requestBody": {
                "required": True,
                "content": {
                    "application/cloudevents-batch+json": {
                        "schema": {"type": "array", "maxItems": 500, "items": {"$ref": f"{REF}FeedEvent"}},
                    }
                },
            },
            "responses": {"202": _json("Le lot est pris durablement.", "FeedReceipt"), **_refusals(400, 401, 409, 413, 415, 422, 503)},
        }
    },
    "/_feed/key": {
        "get": {
            "operationId": "feed_key_get",
            "tags": [FEED_TAG],
            "summary": "La clé publique qui scelle les champs personnels",
            "security": [],
            "responses": {"200": _json("La clé du moment.", "FeedKey")},
        }
    },
    "/_feed/producer": {
        "get": {
            "operationId": "feed_producer_get",
            "tags": [FEED_TAG],
            "summary": "Qui la plateforme reconnaît, et pour quelles entreprises il déclare",
            "security": [{"feed": []}],
            "responses": {"200": _json("Le producteur.", "FeedProducer"), **_refusals(401)},
        }
    },
    "/_feed/receipts": {
        "post": {
            "operationId": "feed_receipts_post",
            "tags": [FEED_TAG],
            "summary": "Ce que sont devenus des faits, par leurs identifiants",
            "description": "500 au plus. Un fait inconnu, ou d'une entreprise d'un autre producteur, n'est pas dans la réponse.",
            "security": [{"feed": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": f"{REF}FeedAsked"}}}},
            "responses": {"200": _json("Les reçus.", "FeedReceipts"), **_refusals(400, 401, 413, 422, 503)},
        }
    },
    "/_feed/check": {
        "post": {
            "operationId": "feed_check_post",
            "tags": [FEED_TAG],
            "summary": "Vérifier un fichier de paie (DSN, lignes JSON, CSV) sans rien publier ni garder",
            "description": "5 Mo au plus, sans jeton ; le fichier est le corps de l'appel.",
            "security": [],
            "requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}},
            "responses": {"200": _json("Le rapport, ligne par ligne.", "FeedReport"), **_refusals(413, 429)},
        }
    },
}
"""The producers' door, which is the gateway's own."""
