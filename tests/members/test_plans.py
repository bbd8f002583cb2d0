"""A list is read from its index, by the service's own role, under row security: what PostgreSQL did, not how long it took."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event

from chassis.actor import Actor
from chassis.testing import Bench
from services.members.access.employees import IN_THE_ORDER_OF_AN_INDEX
from tests.members import crowd
from tests.members.people import EMPLOYER, SIRET, settle_in

LARGE = 20_000
DECLARANT = Actor(
    kind="employer",
    brand="hcr",
    account_id=EMPLOYER.account_id,
    grants={**EMPLOYER.grants, **{crowd.portfolio_siren(company): "user" for company in range(100)}},
    strong=True,
)
"""A third-party declarant: the large company, and a hundred small ones."""


@pytest.fixture(scope="module")
def large(bench: Bench) -> Iterator[Bench]:
    """A company of 20,000 among 2,000 people of a hundred others."""
    settle_in(bench)
    with bench.owner.begin() as connection:
        crowd.company(connection, SIRET, LARGE)
        crowd.portfolio(connection, 2_000, 500, first=LARGE)
    with bench.owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE person, rights")
    yield bench
    bench.empty()


@pytest.fixture(autouse=True)
def _empty() -> None:
    """The crowd stays from one test to the next."""


def plan(bench: Bench, actor: Actor, **asked: str) -> list[dict[str, Any]]:
    """What PostgreSQL did for a list: the nodes of its plan, with the rows each one really gave."""
    told: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if "company_asked" in statement:
            told.append((statement, parameters))

    event.listen(bench.running.engine, "before_cursor_execute", note)
    assert bench.as_(actor).get("/employees", query_string=asked).status_code == 200
    event.remove(bench.running.engine, "before_cursor_execute", note)
    ((statement, parameters),) = told
    with bench.running.begin(actor).session as session:
        session.execute(IN_THE_ORDER_OF_AN_INDEX)
        found = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar()
    return list(nodes(found[0]["Plan"]))


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def rows(node: dict[str, Any]) -> float:
    """The rows that a node read: what it gave, and what its filter threw away, each time it ran."""
    return float((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "ix_rights_siren_search_name_id"),
        ({"name": "nom0421"}, "ix_rights_siren_search_name_id"),
        ({"name": "nom0421", "professional_status": "CADRE", "status": "all"}, "ix_rights_siren_search_name_id"),
        ({"sort": "-name"}, "ix_rights_siren_search_name_id"),
        ({"sort": "start"}, "ix_rights_siren_starts_on_id"),
        ({"sort": "-end", "status": "all"}, "ix_rights_end"),
        ({"sort": "establishment"}, "ix_rights_siren_siret_search_name_id"),
    ],
    ids=str,
)
@pytest.mark.parametrize("actor", [EMPLOYER, DECLARANT], ids=["one company", "a declarant"])
def test_a_large_company_is_read_from_an_index_a_page_at_a_time(large: Bench, actor: Actor, asked: dict[str, str], index: str) -> None:
    did = plan(large, actor, **asked)
    assert index in {node.get("Index Name") for node in did}
    assert not [node for node in did if node["Node Type"] == "Seq Scan" and node["Relation Name"] in ("rights", "person")]
    sorted_rows = max((rows(node) for node in did if "Sort" in node["Node Type"]), default=0)
    assert sorted_rows < LARGE / 4, "the whole company was sorted"
    assert max(rows(node) for node in did) < LARGE / 4
