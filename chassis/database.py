"""The database as a service sees it: its app role, sessions that carry who acts, and the first wall around tenants."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import msgspec
from sqlalchemy import Engine, Select, TypeDecorator, create_engine, event, text
from sqlalchemy.orm import Session, SessionTransaction

from chassis.actor import SYSTEM, Actor

LOCK_TIMEOUT_MS = 3_000
IDLE_IN_TRANSACTION_MS = 60_000
"""After that, PostgreSQL takes the locks of a process that stands still: whoever comes after it goes on."""
ROWS_AT_ONCE = 1_000
SET_ACTOR = text(
    "SELECT set_config('affilia.kind', :kind, true), set_config('affilia.account', :account, true),"
    " set_config('affilia.reference', :reference, true), set_config('affilia.grants', :grants, true),"
    " set_config('affilia.brand', :brand, true)"
)


def connect(url: str, *, pool_size: int = 8, statement_timeout_ms: int = 5_000) -> Engine:
    """An engine whose every statement and lock wait is bounded, and whose errors quote no parameter. Statements are short: none is worth
    being compiled by PostgreSQL."""
    limits = {
        "statement_timeout": statement_timeout_ms,
        "lock_timeout": LOCK_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "timezone": "UTC",
        "jit": "off",
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=4,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": options, "connect_timeout": 5},
    )


def records(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as one parameter for PostgreSQL's ``json_populate_recordset``: for batches, six times cheaper to send than arrays."""
    return msgspec.json.encode(rows).decode()


def bytea(value: bytes | None) -> str | None:
    """Bytes inside :func:`records`."""
    return None if value is None else "\\x" + value.hex()


def lay_down(session: Session, table: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows of a table in one statement, in their order; each holds the same columns, sealed and spelt as the model says."""
    dialect = session.get_bind().dialect
    spelt = {name: table.c[name].type for name in rows[0] if isinstance(table.c[name].type, TypeDecorator)}
    lines = [row | {name: _bare(kind.process_bind_param(row[name], dialect)) for name, kind in spelt.items()} for row in rows]
    names, source = (
        ", ".join(f'"{name}"' for name in rows[0]),
        f'json_populate_recordset(CAST(NULL AS "{table.name}"), CAST(:rows AS json))',
    )
    session.execute(text(f'INSERT INTO "{table.name}" ({names}) SELECT {names} FROM {source}'), {"rows": records(lines)})


def _bare(value: Any) -> Any:
    return bytea(value) if isinstance(value, bytes) else value


class ActingSession(Session):
    """A session of somebody: each of its transactions tells PostgreSQL who acts before its first statement (row-level security)."""

    def __init__(self, engine: Engine, actor: Actor, **options: Any) -> None:
        super().__init__(engine, expire_on_commit=False, **options)
        self.actor = actor

    def told(self, query: Select[Any]) -> Iterator[Sequence[Any]]:
        """The rows of a query from a cursor, as they are asked for: memory holds a batch of them."""
        with self.execute(query, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
            yield from rows

    @contextmanager
    def as_platform(self) -> Iterator[None]:
        """What follows from an act of somebody who may do it, but takes more than she may see: the platform's own, in her transaction.

        What was read so is forgotten at the end; an error undoes all, so that nobody goes on with the platform's eyes.
        """
        self.flush()
        self.execute(SET_ACTOR, _who(SYSTEM))
        try:
            yield
            self.flush()
        except BaseException:
            self.rollback()
            raise
        self.expunge_all()
        self.execute(SET_ACTOR, _who(self.actor))


@event.listens_for(ActingSession, "after_begin")
def _say_who_acts(session: ActingSession, transaction: SessionTransaction, connection: Any) -> None:
    connection.execute(SET_ACTOR, _who(session.actor))


def _who(actor: Actor) -> dict[str, str]:
    return {
        "kind": actor.kind,
        "account": str(actor.account_id or ""),
        "reference": actor.reference,
        "grants": ",".join(sorted(actor.grants)),
        "brand": actor.brand,
    }
