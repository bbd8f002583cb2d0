"""An employee sought with three filters among a million affiliations of fifty thousand establishments.

What the service does is put beside the bare SQL of the same question, asked by a superuser whom no row security stops.
"""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, create_engine

from affilia.local import LocalPostgres
from chassis.actor import Actor
from chassis.testing import BRANDS, Bench, invented_keys
from services.members.app import SERVICE
from services.members.queries import employees
from tests.bench.ground import timed
from tests.bench.readings import Reading, at_most, in_turn
from tests.members import crowd

PEOPLE, ESTABLISHMENTS = 1_000_000, 50_000
LARGE, LARGE_SIRET = 20_000, "12345678200010"
ASKED_AT_ONCE = 20
COMPANIES = [crowd.portfolio_siren(company) for company in range(0, 3_000, 10)]
DECLARANT = Actor(kind="employer", brand="hcr", grants=dict.fromkeys(COMPANIES, "administrator"), strong=True)
LUCIE = Actor(kind="employer", brand="hcr", grants={LARGE_SIRET[:9]: "administrator"}, strong=True)
NOTHING: dict[str, Any] = {"siren": None, "siret": None, "establishment": None, "professional_status": None, "contract": None, "name": None}
PAGE: dict[str, Any] = NOTHING | {"status": "active", "sort": "name", "limit": 50, "after": None}
THREE = PAGE | {"professional_status": "CADRE", "name": "nom04"}
"""The status, the professional status, the beginning of a name."""
BARE = """
SELECT r.id, r.siret, coalesce(e.name, r.siret), r.contract_reference, coalesce(c.label, r.contract_reference), c.id, r.professional_status,
       r.spouse_covered, r.starts_on, r.status, r.ends_on, r.reason, r.motive, r.portability_months, r.portability_ends_on, p.last_name,
       p.first_name, p.nir
FROM rights r JOIN person p ON p.id = r.person_id
LEFT JOIN contract c ON c.brand = r.brand AND c.siren = r.siren AND c.reference = r.contract_reference
LEFT JOIN establishment e ON e.brand = r.brand AND e.siret = r.siret
WHERE r.brand = 'hcr' AND r.siren = ANY(%(sirens)s) AND r.status = 'active' {narrowed}
ORDER BY r.search_name, r.id LIMIT 51
"""
NARROWED = "AND r.professional_status = 'CADRE' AND r.search_name >= 'nom04' AND r.search_name < 'nom05'"


def run(rounds: int) -> list[Reading]:
    with (
        tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder,
        LocalPostgres(Path(folder) / "postgres", durable=False) as postgres,
    ):
        urls = postgres.create("members")
        bench = Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys(), brands=BRANDS)
        url = postgres.url.set(database=str(bench.owner.url.database))
        filled = timed(lambda: _fill(url))
        with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False)) as bare:
            sought = in_turn(rounds, {"ours": _ours(bench, DECLARANT, THREE), "bare": _bare(bare, DECLARANT, NARROWED)})
            listed = in_turn(rounds, {"ours": _ours(bench, LUCIE, PAGE), "bare": _bare(bare, LUCIE, "")})
        bench.close()
    search = at_most("Trois filtres sur 300 entreprises, au regard du SQL nu", sought["ours"], sought["bare"], 3)
    beside = f"{search.beside} pour {ASKED_AT_ONCE} pages ; le million de lignes semé en {filled:.0f} s"
    return [
        Reading(search.what, search.found, search.promised, search.kept, beside),
        at_most("Première page d'une entreprise de 20 000, au regard du SQL nu", listed["ours"], listed["bare"], 3),
    ]


def _fill(url: URL) -> None:
    """PostgreSQL writes the rows itself; whoever fills needs no proof that its keys are true, and analyses when all is there."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")
        crowd.portfolio(connection, PEOPLE - LARGE, ESTABLISHMENTS)
        crowd.company(connection, LARGE_SIRET, LARGE, first=PEOPLE - LARGE)
        connection.exec_driver_sql("VACUUM ANALYZE person, rights")
    engine.dispose()


def _ours(bench: Bench, actor: Actor, asked: dict[str, Any]) -> Callable[[], float]:
    def ask() -> None:
        for _ in range(ASKED_AT_ONCE):
            work = bench.running.begin(actor)
            with work.session:
                assert employees.employees(work, asked)["items"]

    return lambda: timed(ask)


def _bare(connection: psycopg.Connection[Any], actor: Actor, narrowed: str) -> Callable[[], float]:
    statement = BARE.format(narrowed=narrowed)

    def ask() -> None:
        for _ in range(ASKED_AT_ONCE):
            assert connection.execute(statement, {"sirens": list(actor.grants)}).fetchall()
            connection.commit()

    return lambda: timed(ask)
