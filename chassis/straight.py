"""The straight way in: a batch is applied in the transaction that writes its rows into the inbox, already done.

It is for what is plain: facts that can be read, new to us, whose subject has nothing unfinished before them, and none of which raises.
Anything else goes the durable way (``inbox.deliver``), where the worker retries, isolates and parks. A fact that kills its process leaves
no trace here: its carrier must hand what comes a second time to the durable way, which counts before it tries.

One batch at a time, beside the worker's: both take their turn by the same lock. Which process leads is then of no matter: an id is
applied by the one transaction that writes it.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import text

from chassis import hearing, inbox
from chassis.database import records
from chassis.envelope import Envelope
from chassis.hearing import Heard
from chassis.service import Running
from chassis.work import Work

UNFINISHED = text("SELECT DISTINCT subject FROM inbox WHERE state <> 'done' AND subject = ANY(:subjects)")
NOTE = text("""
INSERT INTO inbox (event_id, name, subject, headers, state, done_at)
SELECT event_id, name, subject, headers, 'done', statement_timestamp()
FROM json_populate_recordset(CAST(NULL AS inbox), CAST(:came AS json))
ON CONFLICT (event_id) DO NOTHING RETURNING event_id
""")


def apply(running: Running, batch: Sequence[Heard]) -> None:
    """Apply what is plain, put the rest into the inbox, each once, in their order. Raises whatever goes wrong: then nothing was done."""
    opened = {envelope.event_id: told for envelope, told in batch if told}
    with running.working() as work:
        work.session.execute(inbox.TURN)
        aside = _subjects_aside(work, batch)
        plain = {envelope.event_id: envelope for envelope, _ in batch if envelope.subject not in aside}
        put_aside = inbox.deliver(work.session.connection(), [envelope for envelope, _ in batch if envelope.subject in aside])
        fresh = _note(work, list(plain.values()))
        if len(fresh) < len(plain) and _unfinished(work, fresh):  # another process has just put into the inbox what we held too
            raise inbox.Overtaken
        for handler, run in hearing.runs(running, fresh):
            assert handler
            handler(work, [opened[envelope.event_id] for envelope in run], running.adapters)
        if fresh and not put_aside and _wakes(running):
            inbox.wake(work)
    for name, number in Counter(envelope.name for envelope in fresh).items():
        running.metrics.applied.labels(name).inc(number)


def _subjects_aside(work: Work[Any], batch: Sequence[Heard]) -> set[str]:
    """Subjects that have something unfinished, or something unreadable now: all that is theirs keeps its order behind it."""
    unreadable = {envelope.subject for envelope, told in batch if told is None}
    return unreadable | _unfinished(work, [envelope for envelope, _ in batch])


def _unfinished(work: Work[Any], envelopes: Sequence[Envelope]) -> set[str]:
    """Which subjects of these envelopes have something in the inbox that is not done."""
    subjects = list({envelope.subject for envelope in envelopes})
    return set(work.session.scalars(UNFINISHED, {"subjects": subjects}))


def _note(work: Work[Any], plain: Sequence[Envelope]) -> list[Envelope]:
    """Write the rows of a batch, done; returns the envelopes that were new."""
    came = [{"event_id": one.event_id, "name": one.name, "subject": one.subject, "headers": one.headers} for one in plain]
    new = set(work.session.scalars(NOTE, {"came": records(came)}))
    return [envelope for envelope in plain if envelope.event_id in new]


def _wakes(running: Running) -> bool:
    """Whether some task wants to be run at each turn of the worker."""
    return any(task.every < timedelta(seconds=1) for task in running.service.tasks)
