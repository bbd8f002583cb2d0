"""A file of 5,000 newcomers (S1:200-208): read, checked, sealed, declared with their facts, beside the same rows in bare SQL.

Bare SQL is sent each table's rows ready made, as one parameter of one statement: it reads no file, checks, seals and numbers nothing.
"""

import io
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg

from affilia.local import LocalPostgres
from chassis.testing import Bench, invented_keys
from services.affiliation.adapters.files import COLUMNS, MOST_LINES
from services.affiliation.app import SERVICE
from tests.affiliation.people import CONTRACT, HELENE, RESTAURANT, contract, establishment
from tests.bench.ground import timed
from tests.bench.readings import Reading, at_most, in_turn

TABLES = ("affiliation", "move", "audit", "audit_waiting", "subject", "outbox")
"""What taking a file writes."""
COLUMNS_OF = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_name = %s AND is_identity = 'NO' AND is_generated = 'NEVER' AND table_schema = 'public'
"""


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
            ready = _ready_made(bench)
            found = in_turn(rounds, {"ours": lambda: _ours(bench, content), "sql": lambda: _bare(bench, ready)})
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


def _ready_made(bench: Bench) -> dict[str, str]:
    """The statements that lay down again what a file made, each with the rows of its table: sealed, numbered, with their facts."""
    statements = {}
    with bench.owner.connect() as connection:
        connection.exec_driver_sql("SELECT set_config('affilia.kind', 'system', false)")
        for table in TABLES:
            columns = connection.exec_driver_sql(COLUMNS_OF, (table,)).scalar_one()
            rows = connection.exec_driver_sql(f'SELECT CAST(json_agg(t) AS text) FROM "{table}" t').scalar_one()
            source = f'json_populate_recordset(CAST(NULL AS "{table}"), CAST(%s AS json))'
            statements[f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM {source}'] = rows
    return statements


def _bare(bench: Bench, ready: dict[str, str]) -> float:
    _emptied(bench)
    url = bench.running.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        return timed(lambda: _laid_down(connection, ready))


def _laid_down(connection: Any, ready: dict[str, str]) -> None:
    with connection.transaction():
        connection.execute("SELECT set_config('affilia.kind', 'system', true)")
        for statement, rows in ready.items():
            connection.execute(statement, (rows,))


def _emptied(bench: Bench) -> None:
    with bench.owner.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(TABLES)} RESTART IDENTITY")
