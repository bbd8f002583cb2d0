"""Role × operation × ownership, over every operation of the merged description: no cell leaks. Then the database alone, without any filter.

The matrix is drawn from the OpenAPI document: an operation that is added is tried at once by everybody.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from chassis.actor import SYSTEM, Actor
from identifiers import invented
from tests.contract.operations import Operation
from tests.contract.people import ACME, BISTRO, House
from tests.contract.test_isolation import heard, marks_of, owned, text_of
from tests.contract.world import World

TENANTS = frozenset({"anonymous", "applicant", "member", "employer"})
OWNERSHIPS = ("own", "foreign", "missing")
SAFE = frozenset({"GET"})
READERS_OWN = ("/api/identity/", "/api/documents/files", "/api/messaging/")
"""Where a caseworker who only reads still acts: on her own account, her own files, her own notices."""
UNREAD = {"POST /api/documents/library/{key}": 422, "POST /api/members/contracts": 422}
"""What no plausible body fits: refused before the role is looked at; the services' own tests show the role's refusal."""
ASKS = {"POST /api/affiliation/affiliations/search": 422}
"""What only asks, in a body, and is any reader's; the ``after`` of a plausible one is no cursor."""
ENDS_THE_CALLER = ("DELETE /api/identity/sessions", "DELETE /api/identity/sessions/current", "DELETE /api/identity/account")
"""What ends whoever calls it says nothing of others: it is called last, by nobody else's leave."""

PUBLIC = {("messaging", "place"): "names of companies and of their places, as the public register gives them"}
"""Tables that everybody signed in may read."""


def values(world: World, ownership: str, audience: str) -> dict[str, Any]:
    """What stands in the paths: Bistro's own things, Acme's, or nothing's."""
    house = {"own": BISTRO, "foreign": ACME, "missing": ACME}[ownership]
    found = owned(world, house, audience)
    if ownership != "missing":
        return found
    return {name: invented.siren("nobody") if name == "siren" else uuid4() for name in found}


def knock(world: World, token: str | None, operation: Operation, named: dict[str, Any]) -> TestResponse:
    body = operation.plausible() if operation.body else None
    return world.visit(token).open(operation.url(named), method=operation.method, json=body)


def cells(world: World, operations: list[Operation]) -> Iterator[tuple[str, str, Operation, str, TestResponse]]:
    """Everybody of Bistro tries everything, on what is theirs, on Acme's, on nothing's: role, audience, operation, ownership, answer."""
    for name, (audience, token) in world.personas(BISTRO).items():
        for operation in sorted(operations, key=lambda each: str(each) in ENDS_THE_CALLER):
            for ownership in OWNERSHIPS if operation.names() else OWNERSHIPS[:1]:
                yield name, audience, operation, ownership, knock(world, token, operation, values(world, ownership, audience))


def is_a_wall(audience: str, operation: Operation) -> bool:
    """Whether what is another's must look missing: not for caseworkers, nor where a visitor proves by a code what is theirs."""
    return audience in TENANTS and "anonymous" not in operation.audiences


def leak(world: World, audience: str, operation: Operation, ownership: str, answer: TestResponse) -> str | None:
    """What is wrong with one answer, ``None`` when nothing is."""
    if answer.status_code >= 500:
        return "broken"
    named = audience in operation.audiences or "anonymous" in operation.audiences
    if not named:
        expected = 401 if audience == "anonymous" else 403
        return None if answer.status_code == expected else f"let in: {answer.status_code}"
    if audience not in TENANTS or audience == "anonymous":
        return None
    if ownership != "own" and is_a_wall(audience, operation) and answer.status_code not in (403, 404):
        return f"answered for another's: {answer.status_code}"
    said = text_of(answer)
    return next((f"says {mark}" for mark in marks_of(world, ACME) if mark in said), None)


@pytest.mark.timeout(240)
def test_nobody_of_bistro_gets_anything_of_acme_whatever_the_role_and_the_operation(world: World, operations: list[Operation]):
    """Foreign is missing, byte for byte; who is not named does not enter; no answer names anything of Acme."""
    tried: Counter[str] = Counter()
    leaks: list[tuple[str, str, str, str]] = []
    foreign: dict[tuple[str, str], Any] = {}
    for name, audience, operation, ownership, answer in cells(world, operations):
        tried[str(operation)] += 1
        wrong = leak(world, audience, operation, ownership, answer)
        leaks += [(name, str(operation), ownership, wrong)] if wrong else []
        if ownership == "foreign":
            foreign[name, str(operation)] = heard(answer)
        elif ownership == "missing" and is_a_wall(audience, operation) and foreign[name, str(operation)] != heard(answer):
            leaks.append((name, str(operation), ownership, f"told apart: {foreign[name, str(operation)]} {heard(answer)}"))
    print(f"{len(tried)} operations, {sum(tried.values())} cells, {len(leaks)} leaks")
    assert leaks == []
    assert set(tried) == {str(operation) for operation in operations}
    assert min(tried.values()) == len(world.personas(BISTRO))


@pytest.mark.timeout(120)
def test_a_caseworker_who_only_reads_changes_nothing(world: World, operations: list[Operation]):
    _audience, token = world.personas(BISTRO)["caseworker read"]
    changing = [each for each in operations if each.method not in SAFE and "caseworker" in each.audiences]
    theirs = [each for each in changing if not each.path.startswith(READERS_OWN)]
    assert len(theirs) > 5
    before = [world.written(service) for service in world.benches]
    answers = {str(each): knock(world, token, each, values(world, "own", "employer")).status_code for each in theirs}
    assert {operation: status for operation, status in answers.items() if status not in (403, 404)} == UNREAD | ASKS
    assert [world.written(service) for service in world.benches] == before


def readers(world: World) -> list[Actor]:
    """The people of Bistro, as the database knows them."""
    ids = world.ids[BISTRO]
    return [BISTRO.employer(), BISTRO.colleague(), BISTRO.applicant(ids["affiliation"]), BISTRO.member(ids["person"])]


def rows(world: World, service: str, table: str, actor: Actor) -> list[str]:
    """Each row of a table that an actor reads with the widest possible select, as text."""
    with world.benches[service].running.begin(actor).session as session:
        return [str(row) for row in session.scalars(text(f'SELECT "{table}"::text FROM "{table}"'))]


def of(house: House, world: World, told: list[str]) -> list[str]:
    """The rows that name something of a house."""
    marks = [mark for mark in marks_of(world, house) if mark != house.name]
    return [row for row in told if any(mark in row for mark in marks)]


def test_row_security_alone_shows_bistro_no_row_of_acme(world: World):
    """The application's filter is switched off here: the select has no WHERE at all."""
    leaks, seen = [], 0
    for service, bench in world.benches.items():
        for table in bench.running.service.metadata.tables:
            seen += bool(of(ACME, world, rows(world, service, table, SYSTEM)))
            for actor in () if (service, table) in PUBLIC else readers(world):
                shown = rows(world, service, table, actor)
                leaks += [(service, table, actor.kind, row[:200]) for row in of(ACME, world, shown)]
    print(f"{seen} tables hold rows of Acme, {len(leaks)} of them shown")
    assert leaks == []
    assert seen > 15, "the ids of Acme are in few tables: this test would not see a leak"
