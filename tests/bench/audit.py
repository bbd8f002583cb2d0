"""The audit trail: a million lines verified, and a thousand tampered with at random, each way, all found."""

import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text

from affilia.local import LocalPostgres
from chassis.audit import Notary, anchor, examine, key_of, verify
from chassis.testing import Bench, invented_keys
from tests.bench.readings import Reading, within
from tests.chassis.conftest import BRANDS
from tests.chassis.parcels.app import SERVICE

LINES, TAMPERED = 1_000_000, 1_000
MOST_S = 60
FILL = text("""
WITH told AS (
  INSERT INTO audit (at, actor, action, subject, brand, trace, details)
  SELECT now(), 'employer:' || md5(n::text), 'employees.exported', 'siret:' || n, 'hcr', md5(n::text), jsonb_build_object('rows', n)
  FROM generate_series(1, :lines) n RETURNING id
) INSERT INTO audit_waiting SELECT id FROM told
""")
WAYS = {
    "modifiées": "UPDATE audit SET subject = 'siret:0' WHERE id = ANY(:ids)",
    "supprimées": "DELETE FROM audit WHERE id = ANY(:ids)",
    "insérées": "INSERT INTO audit (at, actor, action, subject, brand, trace)"
    " SELECT now(), 'x', 'y', id::text, '', '' FROM unnest(CAST(:ids AS bigint[])) id",
    "échangées": "UPDATE audit_link SET audit_id = -audit_id WHERE audit_id = ANY(:ids);"
    " UPDATE audit_link l SET audit_id = b.id FROM unnest(CAST(:ids AS bigint[])) WITH ORDINALITY a(id, place)"
    " JOIN unnest(CAST(:ids AS bigint[])) WITH ORDINALITY b(id, place) ON b.place = :many - a.place + 1 WHERE l.audit_id = -a.id",
    "coupées": "DELETE FROM audit_link WHERE position > (SELECT max(position) FROM audit_link) - :many",
}
"""What is done to a thousand lines, by somebody who owns the database: each way on its own copy, undone afterwards."""


def run(_rounds: int) -> list[Reading]:
    """One round: the trail is long enough to be its own average."""
    with tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder, LocalPostgres(Path(folder) / "postgres", durable=False) as server:
        urls = server.create("parcels")
        anchor = Path(folder) / "anchors.jsonl"
        bench = Bench(SERVICE, urls.app_url, urls.owner_url, invented_keys(), brands=BRANDS, audit_anchor=anchor, statement_timeout_ms=0)
        _fill(bench)
        started = time.perf_counter()
        verdict = verify(bench.running)
        seconds = time.perf_counter() - started
        assert (verdict.walked, verdict.findings) == (LINES, [])
        found = {way: _found(bench, statements) for way, statements in WAYS.items()}
        bench.close()
    whole = within(f"{LINES:,} lignes vérifiées".replace(",", " "), seconds, MOST_S, "s")
    return [whole, *(_reading(way, number) for way, number in found.items())]


def _reading(way: str, number: int) -> Reading:
    return Reading(f"{TAMPERED} lignes {way}, trouvées", str(number), f"≥ {TAMPERED}", number >= TAMPERED)


def _fill(bench: Bench) -> None:
    with bench.running.engine.begin() as connection:
        connection.execute(FILL, {"lines": LINES})
    notary = Notary(bench.running)
    while notary.seal():
        pass
    notary.anchor()


def _found(bench: Bench, statements: str) -> int:
    """How many findings a tampering leaves. Nothing of it is kept: it is looked at inside its own transaction."""
    with _undone(bench) as connection:
        ids = random.Random(7).sample(range(1, LINES - TAMPERED), TAMPERED)
        for statement in statements.split(";"):
            connection.execute(text(statement), {"ids": ids, "many": TAMPERED})
        return len(examine(connection, key_of(bench.running), anchor(bench.running).heads(SERVICE.name)).findings)


@contextmanager
def _undone(bench: Bench) -> Iterator[Connection]:
    """The owner's transaction, its triggers off, rolled back at the end."""
    with bench.owner.connect() as connection:
        for table in ("audit", "audit_link"):
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        yield connection
        connection.rollback()
