"""What the plumbing need not keep for ever: facts applied or handed over long ago, answers nobody will ask for again.

An inbox forgets a fact after ninety days: by then nobody delivers it again. Parked and waiting facts, and the audit trail, stay.
"""

from sqlalchemy import text

from chassis.service import Running

EVERY_S = 3_600
MOST = 5_000
KEPT = {
    "inbox": "state = 'done' AND done_at < now() - interval '90 days'",
    "outbox": "sent_at < now() - interval '30 days'",
    "idempotency": "created_at < now() - interval '2 days'",
}
"""What may go, table by table; an idempotency key is honoured for twenty-four hours at least."""


def sweep(running: Running) -> int:
    """Delete a bounded number of old rows of each table, each in its own transaction; returns how many went."""
    return sum(_sweep(running, table, old) for table, old in KEPT.items())


def _sweep(running: Running, table: str, old: str) -> int:
    statement = text(f"DELETE FROM {table} WHERE ctid IN (SELECT ctid FROM {table} WHERE {old} LIMIT :most)")
    with running.engine.begin() as connection:
        return connection.execute(statement, {"most": MOST}).rowcount
