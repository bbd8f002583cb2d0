"""What no schema describes: broken bytes, absurd values, forged headers. Always a clear refusal, never a 5xx, never half an effect."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM, Actor
from chassis.auth import HEADER, Signer
from chassis.config import Keys
from chassis.testing import invented_keys
from tests.contract.checks import flaw_of
from tests.contract.operations import JSON, METHODS, Operation
from tests.contract.people import ACME, NADIA
from tests.contract.test_isolation import owned
from tests.contract.world import World

BROKEN: dict[str, tuple[bytes, str]] = {
    "broken JSON": (b'{"a": ', JSON),
    "an array": (b"[]", JSON),
    "a text": (b'"texte"', JSON),
    "null": (b"null", JSON),
    "nothing": (b"", JSON),
    "bytes that are no text": (b'{"a": "\xff\xfe"}', JSON),
    "ten thousand levels": (b"[" * 10_000, JSON),
    "a number of a million digits": (b"9" * 200_000, JSON),
    "not JSON": (b"a=1&b=2", "application/x-www-form-urlencoded"),
    "XML": (b"<a/>", "application/xml"),
    "a type that is no type": (b"{}", "é/;;="),
}
POISON: dict[str, str] = {
    "NUL": '"a\\u0000b"',
    "half of a surrogate pair": '"a\\ud800b"',
    "a hundred thousand characters": json.dumps("é" * 100_000),
    "more than a double": "1e400",
    "not a number": "NaN",
    "ten to the thirtieth": str(10**30),
    "a wrong date": '"2026-02-30"',
    "an object": '{"$ne": null}',
    "a nested array": "[[[[]]]]",
}
"""Raw JSON: no encoder would write some of these. What a field may well mean (a wrong date in a free text) is only asked not to break."""
ALWAYS_REFUSED = frozenset({"NUL", "half of a surrogate pair", "a hundred thousand characters", "an object"})
QUERIES = (
    "limit=1&limit=2",
    "limit=1e400",
    f"limit={10**30}",
    "limit=-0",
    "after=%00",
    "after=%FF%FE",
    "after=" + "x" * 5_000,
    "unknown=1",
    "&&==&",
)
KEYS = {"nothing": "", "too long": "k" * 201, "not ASCII": "clé", "a space": "a b", "a control character": "a\x7fb"}
TRAVERSALS = (
    "/api/members/../identity/_/identities",
    "/api/identity/_/identities",
    "/api/identity/%5f/identities",
    "/api/members//me/card",
    "/api/members/%2e%2e/%2e%2e/etc/passwd",
    "/api/employers/companies/%00/habilitations",
    "/api/affiliation/affiliations/%00",
    "/api/affiliation/affiliations/%FF",
    "/api/affiliation/affiliations/" + "a" * 3_000,
    "/api/nobody/x",
    "/_feed/../api/identity/_/identities",
)


def caller(world: World, operation: Operation) -> Any:
    """Somebody of Acme who may call the operation."""
    return world.visit(world.tokens()[operation.audiences[0]])


def url(world: World, operation: Operation) -> str:
    return operation.url(owned(world, ACME, operation.audiences[0]))


def send(world: World, operation: Operation, **request: Any) -> TestResponse:
    """The answer to one request. A refusal that told a fact, or left an audit entry, is half an effect: it fails here and now."""
    before = world.written(operation.service)
    answer = caller(world, operation).open(request.pop("url", url(world, operation)), method=operation.method, **request)
    assert answer.status_code < 400 or world.written(operation.service) == before, f"{operation}: refused, and yet something happened"
    return answer


def complaint(answer: TestResponse, *, refused: bool = True) -> str | None:
    """What is wrong with an answer: not refused when it should be, a 5xx, or a refusal that is no problem of ours."""
    if answer.status_code < 400:
        return f"{answer.status_code}: accepted" if refused else None
    if answer.status_code >= 500:
        return f"{answer.status_code}: broken"
    flaw = flaw_of(answer.status_code, answer.content_type, answer.get_data(as_text=True))
    return f"{answer.status_code} {flaw}" if flaw else None


def complaints(answers: Iterator[tuple[str, TestResponse, bool]]) -> list[tuple[str, str]]:
    """The answers that are not as they should, by what was sent."""
    told = ((sent, complaint(answer, refused=refused)) for sent, answer, refused in answers)
    return [(sent, wrong) for sent, wrong in told if wrong]


def with_body(operations: list[Operation]) -> list[Operation]:
    found = [operation for operation in operations if operation.body]
    assert len(found) > 10
    return found


@pytest.mark.parametrize("what", BROKEN)
def test_a_body_that_is_no_object_is_refused(world: World, operations: list[Operation], what: str):
    data, kind = BROKEN[what]
    answers = ((str(each), send(world, each, data=data, content_type=kind), bool(data or each.required)) for each in with_body(operations))
    assert complaints(answers) == []


@pytest.mark.parametrize("what", POISON)
def test_an_absurd_value_is_refused_in_each_field(world: World, operations: list[Operation], what: str):
    def answers() -> Iterator[tuple[str, TestResponse, bool]]:
        for operation in with_body(operations):
            for name in operation.fields:
                rest = {other: value for other, value in operation.plausible().items() if other != name}
                body = json.dumps(rest)[:-1] + (", " if rest else "") + f"{json.dumps(name)}: {POISON[what]}}}"
                answer = send(world, operation, data=body.encode(), content_type=JSON)
                yield f"{operation} {name}", answer, what in ALWAYS_REFUSED

    assert complaints(answers()) == []


@pytest.mark.parametrize("query", QUERIES, ids=[query[:20] for query in QUERIES])
def test_an_odd_query_breaks_nothing(world: World, operations: list[Operation], query: str):
    reading = [operation for operation in operations if operation.method == "GET"]
    answers = ((str(each), send(world, each, url=f"{url(world, each)}?{query}"), False) for each in reading)
    assert complaints(answers) == []


@pytest.mark.parametrize("what", KEYS)
def test_an_idempotency_key_that_is_none_is_refused(world: World, operations: list[Operation], what: str):
    creating = [each for each in operations if "Idempotency-Key" in str(each.raw.get("parameters"))]
    assert len(creating) > 5
    key = {"Idempotency-Key": KEYS[what].encode().decode("latin-1")}
    answers = ((str(each), send(world, each, json=each.plausible() if each.body else None, headers=key), True) for each in creating)
    assert complaints(answers) == []


def test_an_enormous_header_breaks_nothing(world: World, operations: list[Operation]):
    headers = {"X-Enormous": "x" * 200_000, "traceparent": "00-" + "z" * 5_000, "Accept": "é" * 100, "Affilia-Date": "2026-02-30"}
    reading = [operation for operation in operations if operation.method == "GET"]
    assert complaints((str(each), send(world, each, headers=headers), False) for each in reading) == []


def test_a_method_that_is_not_offered_is_refused(world: World, operations: list[Operation]):
    offered: dict[str, set[str]] = {}
    for operation in operations:
        offered.setdefault(operation.path, set()).add(operation.method)
    first = {operation.path: operation for operation in reversed(operations)}
    for path, methods in offered.items():
        for method in {name.upper() for name in METHODS} - methods:
            answer = caller(world, first[path]).open(url(world, first[path]), method=method)
            assert (answer.status_code, answer.json["type"]) == (405, "/problemes/methode-refusee"), f"{method} {path}"
            assert methods <= set(answer.headers["Allow"].split(", ")), f"{method} {path}"


@pytest.mark.parametrize("path", TRAVERSALS, ids=[path[:40] for path in TRAVERSALS])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_crooked_path_leads_nowhere(world: World, path: str, method: str):
    visitor = world.visit(world.tokens()["employer"])
    answer = visitor.open(path, method=method)
    assert answer.status_code in (400, 404, 405, 414, 422)
    assert complaint(answer) is None


def identities(keys: Keys, service: str) -> dict[str, str]:
    """Identities that a service must not believe."""
    assert keys.signing
    ours, stranger = Signer(keys.signing), Signer(invented_keys().signing or {})
    good = ours.sign(NADIA, service)
    head, claims, signature = good.split(".")
    return {
        "of another platform": stranger.sign(NADIA, service),
        "for another service": ours.sign(NADIA, "elsewhere"),
        "that is over": ours.sign(NADIA, service, now=(datetime.now(UTC) - timedelta(minutes=10)).timestamp()),
        "without a signature": f"{head}.{claims}.",
        "that names no algorithm": f"eyJhbGciOiJub25lIn0.{claims}.",
        "with another's claims": f"{head}.{claims[:-2]}AA.{signature}",
        "that is nothing": "",
        "that is noise": "é" * 10_000,
    }


def test_a_forged_identity_opens_no_service(world: World, operations: list[Operation], keys: Keys):
    for operation in operations:
        client = world.benches[operation.service].as_(Actor(kind="anonymous"))
        path = url(world, operation).removeprefix(f"/api/{operation.service}")
        for what, identity in identities(keys, operation.service).items():
            answer = client.open(path, method=operation.method, headers={HEADER: identity.encode().decode("latin-1")})
            assert (answer.status_code, answer.json["type"]) == (401, "/problemes/connexion-requise"), f"{operation}, an identity {what}"


def test_an_identity_sent_from_outside_never_reaches_a_service(world: World, operations: list[Operation], keys: Keys):
    assert keys.signing
    signer = Signer(keys.signing)
    for operation in operations:
        if "anonymous" not in operation.audiences:
            headers = {HEADER: signer.sign(NADIA, operation.service)}
            assert world.visit().open(url(world, operation), method=operation.method, headers=headers).status_code == 401, str(operation)


def test_nobody_speaks_as_the_platform_itself(world: World, operations: list[Operation], keys: Keys):
    """A signed identity of kind ``system`` does not exist over HTTP: no door lets it in."""
    for operation in operations:
        if "anonymous" not in operation.audiences:
            client = world.benches[operation.service].as_(SYSTEM)
            path = url(world, operation).removeprefix(f"/api/{operation.service}")
            assert client.open(path, method=operation.method).status_code == 403, str(operation)
