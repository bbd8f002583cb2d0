"""Facts wait here, written in the transaction that made them true, until the relay has handed each one over."""

from datetime import datetime
from typing import Any

from sqlalchemy import text

from chassis.database import bytea, records
from chassis.ids import uuid7
from chassis.sealing import Sealer
from chassis.work import Emission, Work
from events.fact import encode

CHANNEL = "affilia_outbox"
WRITE = text("""
WITH told AS (
  SELECT * FROM json_to_recordset(CAST(:facts AS json))
           AS t(place integer, event_id uuid, name text, subject text, headers jsonb, body bytea)
), numbered AS (
  INSERT INTO subject AS s (subject, version) SELECT subject, count(*) FROM told GROUP BY subject ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET version = s.version + excluded.version RETURNING s.subject, s.version
)
INSERT INTO outbox (event_id, name, subject, subject_version, headers, body)
SELECT event_id, name, subject,
       version - count(*) OVER (PARTITION BY subject) + row_number() OVER (PARTITION BY subject ORDER BY place),
       headers, body
FROM told JOIN numbered USING (subject) ORDER BY place
""")
"""Numbers the subjects (their rows stay locked until the commit), then writes the facts in the order they were told."""


def write(work: Work[Any], source: str, sealer: Sealer) -> int:
    """Write what a work told, in one statement, and wake the relay at commit. Returns how many facts were written."""
    if not work.emissions:
        return 0
    rows = [{"place": place, **_row(emission, source, sealer, work.now)} for place, emission in enumerate(work.emissions)]
    work.session.execute(WRITE, {"facts": records(rows)})
    work.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
    work.emissions.clear()
    return len(rows)


def _row(emission: Emission, source: str, sealer: Sealer, now: datetime) -> dict[str, Any]:
    fact = emission.fact
    headers = {
        "source": source,
        "time": now.isoformat(),
        "brand": emission.brand,
        "traceparent": emission.trace,
        "causation": emission.causation,
    }
    body = bytea(encode(fact, sealer.sealing(fact.name)))
    return {"event_id": uuid7(), "name": fact.name, "subject": fact.subject, "headers": headers, "body": body}
