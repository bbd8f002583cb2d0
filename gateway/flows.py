"""What the API page tells of each call (``flows.toml``): what happens, which call comes next, how it may be refused.

Journeys go through several services, none of which knows the others' addresses: this is the one place that sees them all.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from chassis.problems import PROBLEM_JSON
from chassis.service import Service
from gateway import reasons
from gateway.reasons import Reason
from gateway.routing import PREFIX

Document = dict[str, Any]
FILE = Path(__file__).with_name("flows.toml")
CALL = re.compile(r"`((?:GET|POST|PUT|DELETE) /[^`\s]+)`")
PROBLEM = {"$ref": "#/components/schemas/Problem"}


class Flow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One call: ``refuses`` are the problem types of its own, ``example`` is a body."""

    text: str
    refuses: tuple[str, ...] = ()
    example: dict[str, Any] | None = None


@cache
def told() -> tuple[tuple[str, ...], dict[str, Flow]]:
    """The services whose every call is told, and what is told of each, by ``METHOD /path``."""
    written = msgspec.toml.decode(FILE.read_bytes())
    return tuple(written.pop("told")), msgspec.convert(written, dict[str, Flow])


def tell(paths: Document, services: Mapping[str, Service]) -> None:
    """Write into the operations of a merged document what is told of them."""
    for call, operation in _operations(paths):
        if flow := told()[1].get(call):
            known = _reasons(services[_service(call)])
            operation["description"] = flow.text
            operation["responses"] |= _refusals([known[slug] for slug in flow.refuses if slug in known])
            if flow.example is not None:
                operation["requestBody"]["content"]["application/json"]["example"] = flow.example


def faults(paths: Document, services: Mapping[str, Service]) -> list[str]:
    """What is wrong in the tale, in words: a call untold, an address or a refusal that is not there, a refusal that no call tells."""
    names, flows = told()
    calls = {call for call, _operation in _operations(paths)}
    named = flows.keys() | {call for flow in flows.values() for call in CALL.findall(flow.text)}
    refused = {(_service(call), slug) for call, flow in flows.items() for slug in flow.refuses}
    return [
        *(f"sans récit : {call}" for call in sorted(calls - flows.keys()) if _service(call) in names),
        *(f"appel qui n'existe pas : {call}" for call in sorted(named - calls)),
        *(f"refus que {name} ne définit pas : {slug}" for name, slug in sorted(refused) if slug not in _reasons(services[name])),
        *(
            f"refus que nul appel de {name} ne dit : {slug}"
            for name in names
            for slug in sorted(_own(services[name]) - {s for n, s in refused if n == name})
        ),
    ]


def _operations(paths: Document) -> Iterator[tuple[str, Document]]:
    for path, item in paths.items():
        yield from ((f"{method.upper()} {path}", operation) for method, operation in item.items() if isinstance(operation, dict))


def _service(call: str) -> str:
    """``identity`` for ``POST /api/identity/sessions``."""
    return call.partition(PREFIX)[2].partition("/")[0]


def _refusals(found: list[Reason]) -> Document:
    """The responses of an operation that answers these problems: each with its sentence, and as an example."""
    statuses = sorted({reason.status for reason in found})
    return {str(status): _response([reason for reason in found if reason.status == status]) for status in statuses}


def _response(found: list[Reason]) -> Document:
    examples = {reason.slug: {"summary": reason.title, "value": _problem(reason)} for reason in found}
    sentences = [f"`{reason.slug}` : {reason.title}" for reason in found]
    return {"description": "\n\n".join(sentences), "content": {PROBLEM_JSON: {"schema": PROBLEM, "examples": examples}}}


def _problem(reason: Reason) -> Document:
    return {"type": f"/problemes/{reason.slug}", "title": reason.title, "status": reason.status}


@cache
def _reasons(service: Service) -> dict[str, Reason]:
    return reasons.collect((service.package,))


def _own(service: Service) -> set[str]:
    """The problem types that a service defines itself."""
    return {kind.slug for kind in reasons.defined(f"{service.package}.errors")}
