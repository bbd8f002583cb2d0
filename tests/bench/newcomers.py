"""A file of 5,000 newcomers (S1:200-208): read, checked, sealed, declared with their facts, beside the same rows laid down by bare SQL."""

import io
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from affilia.local import LocalPostgres
from chassis.testing import Bench, invented_keys
from identifiers import invented
from services.affiliation.adapters.files import COLUMNS, MOST_LINES
from services.affiliation.app import SERVICE
from tests.affiliation.people import CONTRACT, HELENE, RESTAURANT, contract, establishment
from tests.bench.ground import timed
from tests.bench.readings import Reading, at_most, in_turn

ROWS: dict[str, str] = {
    "affiliation": "",
    "move": "affiliation_id, verb, \"left\", reached, at, moved_on, by, account_id, medium, reason",
    "audit": "at, actor, action, subject, brand, trace, details",
    "audit_waiting": "",
    "subject": "",
    "outbox": "event_id, name, subject, subject_version, headers, body",
}
"""What taking a file writes, table by table; where the database numbers the rows itself, the columns it is given."""


def run(rounds: int) -> list[Reading]:
    with (
        tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder,
        LocalPostgres(Path(folder) / "postgres") as postgres,
    ):
        urls = postgres.create("affiliation")
        with closing(Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys(), statement_timeout_ms=0)) as bench:
            bench.tell(establishment(), contract())
            content = _file()
            _taken(bench, content)
            _keep(bench)
            found = in_turn(rounds, {"ours": lambda: _ours(bench, content), "sql": lambda: _bare(bench)})
    return [at_most("5 000 lignes prises, au regard des mêmes lignes en SQL nu", found["ours"], found["sql"], 2)]


def _file() -> bytes:
    lines = [_line(number) for number in range(MOST_LINES)]
    return "\r\n".join(";".join(cells) for cells in [list(COLUMNS.values()), *lines]).encode()


def _line(number: int) -> list[str]:
    born = f"{number % 28 + 1:02d}/{number % 12 + 1:02d}/{1960 + number % 40}"
    who = [f"Prénom{number % 800}", f"NOM{number:05d}", born, "", f"salarie{number}@exemple.fr", f"{number} rue du Port, 29000 QUIMPER"]
    return [RESTAURANT, CONTRACT, "Non cadre", "01/02/2026", *who]


def _taken(bench: Bench, content: bytes) -> None:
    body = {"file": (io.BytesIO(content), "nouveaux.csv")}
    answer = bench.as_(HELENE).post("/affiliations/file", data=body, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["taken"]) == (201, MOST_LINES), answer.json


def _ours(bench: Bench, content: bytes) -> float:
    _emptied(bench)
    return timed(lambda: _taken(bench, content))


def _keep(bench: Bench) -> None:
    """Put the rows that a file made aside, as they are: sealed, numbered, with their facts."""
    with bench.owner.begin() as connection:
        for table in ROWS:
            connection.exec_driver_sql(f'CREATE TABLE kept_{table} AS SELECT * FROM "{table}"')
        connection.exec_driver_sql("GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC")


def _bare(bench: Bench) -> float:
    _emptied(bench)
    url = bench.running.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return timed(lambda: _laid_down(connection))


def _laid_down(connection: Any) -> None:
    with connection.transaction():
        connection.execute("SELECT set_config('affilia.kind', 'system', true)")
        for table, columns in ROWS.items():
            named, told = (f"({columns})", columns) if columns else ("", "*")
            connection.execute(f'INSERT INTO "{table}" {named} SELECT {told} FROM kept_{table}')


def _emptied(bench: Bench) -> None:
    with bench.owner.begin() as connection:
        connection.exec_driver_sql(f'TRUNCATE {", ".join(chr(34) + table + chr(34) for table in ROWS)} RESTART IDENTITY')
