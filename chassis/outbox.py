"""Facts wait here, written in the transaction that made them true, until the relay has handed each one over."""

import uuid
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import text

from chassis.ids import uuid7
from chassis.sealing import Sealer
from chassis.work import Emission, Work
from events.fact import encode

CHANNEL = "affilia_outbox"
WRITE = text("""
WITH told AS (
  SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:subjects AS text[]), CAST(:headers AS text[]),
                       CAST(:bodies AS bytea[])) WITH ORDINALITY AS t(event_id, name, subject, headers, body, place)
), numbered AS (
  INSERT INTO subject AS s (subject, version) SELECT subject, count(*) FROM told GROUP BY subject ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET version = s.version + excluded.version RETURNING s.subject, s.version
)
INSERT INTO outbox (event_id, name, subject, subject_version, headers, body)
SELECT event_id, name, subject,
       version - count(*) OVER (PARTITION BY subject) + row_number() OVER (PARTITION BY subject ORDER BY place),
       CAST(headers AS jsonb), body
FROM told JOIN numbered USING (subject) ORDER BY place
""")
"""Numbers the subjects (their rows stay locked until the commit), then writes the facts in the order they were told."""


def write(work: Work[Any], source: str, sealer: Sealer) -> int:
    """Write what a work told, in one statement, and wake the relay at commit. Returns how many facts were written."""
    if not work.emissions:
        return 0
    rows = [_row(emission, source, sealer, work.now) for emission in work.emissions]
    ids, names, subjects, headers, bodies = (list(column) for column in zip(*rows, strict=True))
    work.session.execute(WRITE, {"ids": ids, "names": names, "subjects": subjects, "headers": headers, "bodies": bodies})
    work.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
    work.emissions.clear()
    return len(rows)


def _row(emission: Emission, source: str, sealer: Sealer, now: datetime) -> tuple[uuid.UUID, str, str, str, bytes]:
    fact = emission.fact
    headers = {
        "source": source,
        "time": now.isoformat(),
        "brand": emission.brand,
        "traceparent": emission.trace,
        "causation": emission.causation,
    }
    return uuid7(), fact.name, fact.subject, msgspec.json.encode(headers).decode(), encode(fact, sealer.sealing(fact.name))
