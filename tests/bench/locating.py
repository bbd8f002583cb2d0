"""Locating a professional among 300,000, in 35,000 communes: the page as members asks it, beside the bare statements one would write."""

import tempfile
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from affilia.local import LocalPostgres
from chassis.actor import Actor
from chassis.testing import Bench, invented_keys
from services.members import tasks
from services.members.app import SERVICE
from services.members.queries import care
from tests.bench.ground import timed
from tests.bench.readings import Reading, at_most, in_turn

PROFESSIONALS = 300_000
CALLS = 50
MEMBER = Actor(kind="member", brand="hcr", space="assure", account_id=uuid.UUID(int=9), reference=f"person:{uuid.UUID(int=9)}", strong=True)
ASKED = {"specialty": "pharmacie", "postcode": "69003", "town": None, "third_party_payment": False, "network": False}
ASKED |= {"within_km": 30, "limit": 20, "after": None}
WHERE = text("SELECT lat, lon FROM commune JOIN commune_postcode USING (insee) WHERE postcode = '69003'")
SPREAD = text("""
INSERT INTO professional (id, kind, number, name, specialty, organisation, street, postcode, town, phone, lat, lon, placed, edition)
SELECT gen_random_uuid(), 'rpps', '9' || lpad(n::text, 10, '0'), 'NOM ' || n, (ARRAY['pharmacie', 'opticien', 'infirmier'])[n % 3 + 1], '',
  '', '', name, '', lat + (random() - 0.5) / 50, lon + (random() - 0.5) / 50, 'town', 'bench'
FROM generate_series(1, :people) n JOIN (SELECT *, row_number() OVER (ORDER BY insee) - 1 AS place FROM commune) c
  ON c.place = n % (SELECT count(*) FROM commune)
""")
"""As many in each commune, of three specialties."""
BARE = text("""
SELECT *, 2 * 6371000 * asin(sqrt(power(sin(radians(lat - 45.7612) / 2), 2)
  + power(sin(radians(lon - 4.8518) / 2), 2) * cos(radians(lat)) * cos(radians(45.7612)))) AS metres
FROM professional WHERE specialty = 'pharmacie' AND lat BETWEEN 45.4914 AND 46.0310 AND lon BETWEEN 4.4651 AND 5.2385
ORDER BY metres LIMIT 21
""")


def run(rounds: int, people: int = PROFESSIONALS) -> list[Reading]:
    with (
        tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder,
        LocalPostgres(Path(folder) / "postgres", durable=False) as postgres,
    ):
        urls = postgres.create("members")
        bench = Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys())
        _peopled(bench, people)
        found = in_turn(rounds, {"ours": _called(bench), "bare": _bare(bench)})
        bench.close()
    what = f"Une page de 20 professionnels parmi {people:_}, au regard de la requête nue".replace("_", " ")
    return [at_most(what, found["ours"], found["bare"], 3)]


def _peopled(bench: Bench, people: int) -> None:
    with bench.running.working() as work:
        work.session.execute(text("SET LOCAL statement_timeout = '300s'"))
        tasks.ship(work.session)
        work.session.execute(SPREAD, {"people": people})
    with bench.owner.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def _called(bench: Bench) -> Callable[[], float]:
    """A member's own eyes, a transaction a page: the town, the box, the distance, what the insurer says, the day of the register."""

    def pages() -> None:
        for _call in range(CALLS):
            with bench.running.working(MEMBER) as work:
                assert len(care.professionals(work, ASKED)["items"]) == 20

    return lambda: timed(pages)


def _bare(bench: Bench) -> Callable[[], float]:
    """The platform's eyes, a transaction a page: the town, then the nearest."""

    def rows() -> None:
        for _call in range(CALLS):
            with bench.running.working() as work:
                assert work.session.execute(WHERE).one()
                assert len(work.session.execute(BARE).all()) == 21

    return lambda: timed(rows)
