"""Loading the care network: rows by thousands, then what the file no longer tells goes. The same file twice changes nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, text, true
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from chassis.database import records
from services.members.models import Agency, Base, Commune, CommunePostcode, Partner, Professional, ReferenceFile

AT_ONCE = 2_000
PATIENCE = text("SELECT set_config('statement_timeout', '600s', true), pg_advisory_xact_lock(hashtext('affilia:care'))")
"""One load at a time; the last statement removes all that is stale at once."""
TABLES: Mapping[str, type[Base]] = {
    "communes": Commune,
    "rpps": Professional,
    "finess": Professional,
    "partners": Partner,
    "agencies": Agency,
}
"""Kind of file → its table."""


@dataclass(frozen=True)
class Edition:
    """A file: its kind, what tells it from another (a digest), the day it speaks of, and whether it came with Affilia."""

    kind: str
    digest: str
    told_on: date
    shipped: bool = False


def is_due(session: Session, edition: Edition) -> bool:
    """Whether a file that ships is to be loaded: not while the same is there, nor over one that an operator loaded."""
    found = session.get(ReferenceFile, edition.kind)
    return found is None or (found.shipped and found.edition != edition.digest)


def load(session: Session, edition: Edition, rows: Iterable[dict[str, Any]], now: datetime) -> int:
    """Make the table say what the file says; returns the number of lines kept."""
    session.execute(PATIENCE)
    kept, reading = 0, iter(rows)
    while batch := list(islice(reading, AT_ONCE)):
        kept += _written(session, TABLES[edition.kind], batch, edition)
    _forgotten(session, edition)
    if edition.kind == "communes":
        _postcodes(session)
    said = {"edition": edition.digest, "told_on": edition.told_on, "shipped": edition.shipped, "loaded_at": now, "lines": kept}
    line = upsert(ReferenceFile).values(kind=edition.kind, **said)
    session.execute(line.on_conflict_do_update(index_elements=["kind"], set_=said))
    return kept


def _written(session: Session, model: type[Base], batch: list[dict[str, Any]], edition: Edition) -> int:
    """One statement; of two lines about the same thing, the later one counts."""
    key = [column.name for column in model.__table__.primary_key]
    rows = list({tuple(row[name] for name in key): row | {"edition": edition.digest} for row in batch}.values())
    session.execute(text(_statement(model, key)), {"rows": records(rows)})
    return len(rows)


def _statement(model: type[Base], key: list[str]) -> str:
    table, names = model.__tablename__, [column.name for column in model.__table__.columns]
    changed = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    told = f"SELECT {', '.join(names)} FROM json_populate_recordset(NULL::{table}, CAST(:rows AS json))"
    return f"INSERT INTO {table} ({', '.join(names)}) {told} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changed}"


def _forgotten(session: Session, edition: Edition) -> None:
    model: Any = TABLES[edition.kind]
    of_kind: Iterator[ColumnElement[bool]] = iter([Professional.kind == edition.kind if model is Professional else true()])
    session.execute(delete(model).where(model.edition != edition.digest, *of_kind))


def _postcodes(session: Session) -> None:
    session.execute(delete(CommunePostcode))
    each = select(text("unnest(postcodes)"), Commune.insee).select_from(Commune)
    session.execute(insert(CommunePostcode).from_select(["postcode", "insee"], each))
