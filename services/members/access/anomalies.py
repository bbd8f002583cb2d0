"""Whom the declarations of a month forgot, found and closed set by set, and who may see it."""

import uuid
from collections.abc import Collection, Sequence

import msgspec
from sqlalchemy import Integer, Row, Select, and_, func, select, text, tuple_

from chassis.actor import Actor
from chassis.database import records
from events.dsn import DeclarationTaken
from services.members.access.rights import visible_lines
from services.members.config import Work
from services.members.models import VAULT, Anomaly, Establishment, Person, Rights
from services.members.rules.months import MONTHLY, Place, Span, Taken

Line = Row[Anomaly, str, str, str]
"""An anomaly, the name of the establishment, and whose rights they are."""

NAMED = """EXISTS (
  SELECT FROM person_key key JOIN dsn_fact fact ON fact.person_key = key.fingerprint AND fact.month >= {month}
  JOIN dsn_outcome outcome ON outcome.fact_id = fact.id AND outcome.state <> 'superseded'
  WHERE key.person_id = rights.person_id AND fact.siret = {siret} OFFSET 0
)"""
"""Whether the payroll of an establishment names somebody, in a month or later, in a declaration that stands. ``OFFSET 0`` keeps it one look
at an index for each person: joined, it would compare everybody with everybody before the tables are analysed."""
TAKEN = text(f"""
SELECT DISTINCT ON (taken.id) taken.told AS told, (
  SELECT count(*) FROM dsn_fact other WHERE other.siret = taken.siret AND other.nature = taken.nature
  AND other.rank_built_on = taken.rank_built_on AND other.rank_number = taken.rank_number AND other.id <> taken.id
) AS arrived
FROM json_to_recordset(CAST(:spans AS json)) AS span(siret text, first date, last date)
JOIN dsn_fact taken ON taken.siret = span.siret AND taken.month BETWEEN span.first AND span.last
WHERE taken.name = '{DeclarationTaken.name}' AND taken.nature = '{MONTHLY}'
""").columns(told=VAULT.text(), arrived=Integer)
"""What says that a monthly declaration was read to its end, with how many of its facts have arrived."""
OPEN = text(f"""
INSERT INTO anomaly (id, rights_id, brand, siren, siret, month, opened_at)
SELECT gen_random_uuid(), rights.id, rights.brand, rights.siren, whole.siret, whole.month, :now
FROM json_to_recordset(CAST(:months AS json)) AS whole(siret text, month date)
JOIN rights ON rights.siret = whole.siret AND rights.status = 'active' AND rights.starts_on <= whole.month
WHERE (CAST(:people AS uuid[]) IS NULL OR rights.person_id = ANY(CAST(:people AS uuid[])))
AND NOT {NAMED.format(siret="whole.siret", month="whole.month")}
ON CONFLICT (rights_id, month) DO UPDATE SET closed_at = NULL, siret = excluded.siret WHERE anomaly.closed_at IS NOT NULL
""")
CLOSE = text(f"""
UPDATE anomaly SET closed_at = :now
FROM rights WHERE rights.id = anomaly.rights_id AND anomaly.closed_at IS NULL
AND (rights.person_id = ANY(SELECT person_id FROM person_key WHERE fingerprint = ANY(:keys))
     OR (anomaly.siret, anomaly.month) IN (SELECT * FROM json_to_recordset(CAST(:open AS json)) AS open(siret text, month date)))
AND (rights.status <> 'active' OR rights.siret <> anomaly.siret OR {NAMED.format(siret="anomaly.siret", month="anomaly.month")}
     OR (anomaly.siret, anomaly.month) IN (SELECT * FROM json_to_recordset(CAST(:open AS json)) AS open(siret text, month date)))
""")
"""An anomaly closes by itself: its person is named in that month or later, is covered no more, or the month is open again (``open``)."""


def taken(work: Work, spans: Collection[Span]) -> list[Taken]:
    """The monthly declarations of some establishments, in some months, that were read to their end."""
    rows = [{"siret": siret, "first": first, "last": last} for siret, first, last in spans]
    return [_taken(row.told, row.arrived) for row in work.session.execute(TAKEN, {"spans": records(rows)})] if rows else []


def open_missing(work: Work, whole: Collection[Place], people: Collection[uuid.UUID] | None) -> None:
    """Keep an anomaly for each open right that a whole month does not name, nor a later one; ``people`` narrows whose."""
    if whole:
        months = records([{"siret": siret, "month": month} for siret, month in whole])
        work.session.execute(OPEN, {"months": months, "people": None if people is None else list(people), "now": work.now})


def close(work: Work, keys: Collection[bytes], reopened: Collection[Place] = ()) -> None:
    """Close the anomalies of the people with some numbers, and of months that are open again, that are none any more."""
    months = [{"siret": siret, "month": month} for siret, month in reopened]
    work.session.execute(CLOSE, {"keys": list(keys), "open": records(months), "now": work.now})


def visible_anomalies(actor: Actor, *, closed: bool, after: uuid.UUID | None, limit: int) -> Select[Anomaly, str, str, str]:
    """A page of anomalies in the actor's perimeter, the latest month first."""
    place = func.coalesce(Establishment.name, Anomaly.siret)
    mine = visible_lines(actor).with_only_columns(Rights.id)
    query = (
        select(Anomaly, place, Person.last_name, Person.first_name)
        .join(Rights, Rights.id == Anomaly.rights_id)
        .join(Person, Person.id == Rights.person_id)
        .outerjoin(Establishment, and_(Establishment.brand == Anomaly.brand, Establishment.siret == Anomaly.siret))
        .where(Anomaly.rights_id.in_(mine), Anomaly.closed_at.is_not(None) if closed else Anomaly.closed_at.is_(None))
    )
    if after:
        last = select(Anomaly.month, Anomaly.id).where(Anomaly.id == after).correlate(None).scalar_subquery()
        query = query.where(tuple_(Anomaly.month, Anomaly.id) < last)
    return query.order_by(Anomaly.month.desc(), Anomaly.id.desc()).limit(limit)


def lines(work: Work, *, closed: bool, after: uuid.UUID | None, limit: int) -> Sequence[Line]:
    """The page, read."""
    return work.session.execute(visible_anomalies(work.actor, closed=closed, after=after, limit=limit)).all()


def _taken(told: str, arrived: int) -> Taken:
    said = msgspec.json.decode(told.encode(), type=DeclarationTaken)
    return Taken(said.declaration, arrived >= said.facts)
