"""What other services told, each fact once: taken in batches, applied in order per subject, retried, parked, replayed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, text

from chassis import hearing
from chassis.envelope import Envelope
from chassis.hearing import Unreadable
from chassis.service import Handler, Running
from chassis.work import Work

CHANNEL = "affilia_inbox"
BATCH = 500
MAX_ATTEMPTS = 5
DELIVER = text("""
INSERT INTO inbox (event_id, name, subject, headers, body)
SELECT event_id, name, subject, CAST(headers AS jsonb), body
FROM unnest(CAST(:ids AS uuid[]), CAST(:names AS text[]), CAST(:subjects AS text[]), CAST(:headers AS text[]), CAST(:bodies AS bytea[]))
     WITH ORDINALITY AS t(event_id, name, subject, headers, body, place)
ORDER BY place ON CONFLICT (event_id) DO NOTHING
""")
TURN = text("SELECT pg_advisory_xact_lock(hashtext('affilia:inbox'))")
"""One claim or one batch at a time: beside a new leader, one that has lost its lead may still be finishing its batch."""
CLAIM = text("""
WITH due AS (
  SELECT position FROM inbox i WHERE state = 'waiting' AND claimed = :again AND next_try_at <= now()
  AND NOT EXISTS (SELECT FROM inbox e WHERE e.subject = i.subject AND e.position < i.position AND e.state <> 'done'
                  AND (e.state = 'parked' OR e.next_try_at > now() OR e.claimed <> :again))
  ORDER BY position LIMIT :most FOR UPDATE
)
UPDATE inbox SET claimed = true, attempts = attempts + :counted FROM due WHERE inbox.position = due.position
RETURNING inbox.position, event_id, name, subject, headers, body, attempts + 1 - :counted AS attempts
""")
"""Rows that are due and whose subject has nothing unfinished before them, with which try this is.

``again`` takes what a batch had claimed and did not finish; its try is ``counted`` before it is run. All hours are the database's.
"""
HELD = text("SELECT count(*) FROM inbox WHERE position = ANY(:positions) AND state = 'waiting' AND claimed")
DONE = text("""
UPDATE inbox SET state = 'done', body = NULL, reason = NULL, claimed = false, done_at = statement_timestamp()
WHERE position = ANY(:positions)
""")
"""``done_at`` is taken while it is this worker's turn: by it, then by position, rows stand in the order in which they were applied."""
RELEASE = text("UPDATE inbox SET claimed = false WHERE position = ANY(:positions)")
FAILED = text("""
UPDATE inbox SET state = :state, attempts = :attempts, next_try_at = clock_timestamp() + :wait, reason = :reason, claimed = false
WHERE position = :position AND state = 'waiting' AND claimed
""")
REPLAY = text("""
UPDATE inbox SET state = 'waiting', attempts = 0, next_try_at = now(), reason = NULL
WHERE state = 'parked' AND (CAST(:event_id AS uuid) IS NULL OR event_id = :event_id) RETURNING event_id
""")
COUNTS = text("SELECT state, count(*) AS number FROM inbox WHERE state <> 'done' GROUP BY state")


@dataclass(frozen=True, slots=True)
class Row(Envelope):
    """An envelope in the inbox. ``attempts`` counts the try under way."""

    position: int
    attempts: int


class ProcessDied(Exception):
    """Each process that tried the fact died of it."""


class Overtaken(Exception):
    """Another worker took over the rows of this batch: nothing of it may be applied here."""


def deliver(connection: Connection, envelopes: Sequence[Envelope]) -> int:
    """Put envelopes into the inbox, in their order, each once; returns how many were new. The caller commits."""
    if not envelopes:
        return 0
    columns = {
        "ids": [e.event_id for e in envelopes],
        "names": [e.name for e in envelopes],
        "subjects": [e.subject for e in envelopes],
        "headers": [msgspec.json.encode(e.headers).decode() for e in envelopes],
        "bodies": [e.body for e in envelopes],
    }
    new = connection.execute(DELIVER, columns).rowcount
    connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
    return new


def wake(work: Work[Any]) -> None:
    """Have the worker of this service look around as soon as this work commits: a task has something to do."""
    work.session.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})


def work_once(running: Running) -> int:
    """Apply one batch; returns how many facts were taken (0: nothing is due).

    What an unfinished batch had claimed comes first, counted before it is run and run alone: a fact that kills its process, or fails
    as late as the commit, ends parked. Raises :class:`Overtaken`.
    """
    suspects = _claim(running, again=True, most=1, counted=1)
    if suspects:
        _run_alone(running, suspects[0])
        return 1
    rows = _claim(running, again=False, most=BATCH, counted=0)
    if rows:
        _Batch(running, rows).apply()
    return len(rows)


def replay(running: Running, event_id: uuid.UUID | None = None) -> list[uuid.UUID]:
    """Let parked facts be tried again, all of them or one; returns which."""
    with running.engine.begin() as connection:
        found = [row.event_id for row in connection.execute(REPLAY, {"event_id": event_id})]
        connection.execute(text("SELECT pg_notify(:channel, '')"), {"channel": CHANNEL})
    return found


def counts(connection: Connection) -> dict[str, int]:
    """How many facts wait and how many are parked."""
    return {"waiting": 0, "parked": 0} | {row.state: row.number for row in connection.execute(COUNTS)}


def _claim(running: Running, *, again: bool, most: int, counted: int) -> list[Row]:
    with running.engine.begin() as connection:
        connection.execute(TURN)
        found = connection.execute(CLAIM, {"again": again, "most": most, "counted": counted})
        return sorted((Row(**row._mapping) for row in found), key=lambda row: row.position)


def _run_alone(running: Running, row: Row) -> None:
    """Whatever goes wrong between the handler and the commit is this fact's doing, and is written down for it."""
    try:
        if row.attempts > MAX_ATTEMPTS:
            raise ProcessDied
        _Batch(running, [row]).apply()
    except Overtaken:
        raise
    except Exception as error:
        with running.working() as work:
            _record_failure(running, work, row, error)


class _Batch:
    """One transaction over claimed rows: runs of one handler are applied together, a failing run is split to find its culprit."""

    def __init__(self, running: Running, rows: list[Row]) -> None:
        self.running, self.rows = running, rows
        self.blocked: set[str] = set()
        self.done: list[int] = []
        self.released: list[int] = []

    def apply(self) -> None:
        with self.running.working() as work:
            self._take_turn(work)
            for handler, run in hearing.runs(self.running, self.rows):
                self._apply_run(work, handler, run)
            work.session.execute(DONE, {"positions": self.done})
            work.session.execute(RELEASE, {"positions": self.released})

    def _take_turn(self, work: Work[Any]) -> None:
        """All rows are still this worker's, and stay so until the commit."""
        work.session.execute(TURN)
        if work.session.scalar(HELD, {"positions": [row.position for row in self.rows]}) != len(self.rows):
            raise Overtaken

    def _apply_run(self, work: Work[Any], handler: Handler | None, run: list[Row]) -> None:
        rows = [row for row in run if row.subject not in self.blocked]
        self.released += [row.position for row in run if row.subject in self.blocked]
        error = self._attempt(work, handler, rows) if rows else None
        if error is None:
            return
        if len(rows) == 1:
            self.blocked.add(rows[0].subject)
            _record_failure(self.running, work, rows[0], error)
            return
        for row in rows:
            self._apply_run(work, handler, [row])

    def _attempt(self, work: Work[Any], handler: Handler | None, rows: list[Row]) -> Exception | None:
        told_before, lines_before = len(work.emissions), len(work.lines)
        try:
            with work.session.begin_nested():
                tolds = [hearing.told(self.running, row) for row in rows]  # raises where there is no handler
                assert handler
                handler(work, tolds, self.running.adapters)
                work.session.flush()
        except Exception as error:  # whatever a handler raises belongs to its fact, not to its neighbours
            work.session.expire_all()
            del work.emissions[told_before:]
            del work.lines[lines_before:]
            return error
        self.done += [row.position for row in rows]
        for row in rows:
            self.running.metrics.applied.labels(row.name).inc()
        return None


def _record_failure(running: Running, work: Work[Any], row: Row, error: Exception) -> None:
    parked = row.attempts >= MAX_ATTEMPTS or isinstance(error, Unreadable)
    running.metrics.failed.labels(row.name).inc()
    running.log.warning(
        "event.parked" if parked else "event.failed",
        event_id=str(row.event_id),
        event_name=row.name,
        attempts=row.attempts,
        error=_kind(error),
    )
    outcome = {"state": "parked" if parked else "waiting", "attempts": row.attempts, "reason": _kind(error), "position": row.position}
    work.session.execute(FAILED, outcome | {"wait": back_off(row.attempts)})


def back_off(attempts: int) -> timedelta:
    """How long to wait before the next try: 0.2 s, then three times longer each time, at most a minute."""
    return timedelta(seconds=min(0.2 * 3 ** (attempts - 1), 60))


def _kind(error: Exception) -> str:
    """An error as it may be shown: its class, and its text only when we wrote it (a database error quotes rows)."""
    return str(error) if isinstance(error, Unreadable) else type(error).__name__
