"""Answers told piece by piece, for what is too large to be held: each is read in a work of its own, which lasts as long as the telling.

The view decides and audits in the request's work, as every view does. Once there is a place for the stream and that is committed, and
before the answer leaves, the stream's own work begins; it ends with the last piece, or when the client hangs up.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from flask import Response
from sqlalchemy import text

from chassis import problems
from chassis.service import Running
from chassis.work import Work

MOST_AT_ONCE = 4
"""Streams of one process: each holds a connection of the database, and the others must find some left."""

LIMITS = text("SELECT set_config('statement_timeout', '120s', true), set_config('idle_in_transaction_session_timeout', '60s', true)")
"""How long a batch of rows may take (the first one sorts them all), and a client may leave a piece unread, before the database lets go."""

Tell = Callable[[Work[Any]], Iterator[bytes]]


class Streamed(Response):
    """What a view returns: ``tell`` gets the stream's work and gives the body's pieces."""

    def __init__(self, tell: Tell, content_type: str) -> None:
        super().__init__(content_type=content_type)
        self.tell = tell


class Streams:
    """The streams of one process."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._places = threading.BoundedSemaphore(MOST_AT_ONCE)

    def begin(self, answer: Streamed, asked: Work[Any]) -> None:
        """Commit what the view did, then give its answer a body. Raises ``Unavailable`` when too many are being told already.

        Nothing is committed then: the trail never says that somebody took away what they did not get.
        """
        if not self._places.acquire(blocking=False):
            raise problems.Unavailable
        with ExitStack() as held:
            held.callback(self._places.release)
            self._running.commit(asked)
            work = self._running.begin(asked.actor, traceparent=asked.trace, now=asked.now)
            work.pinned_today = asked.pinned_today
            held.callback(work.session.close)
            work.session.execute(LIMITS)  # connects: a database that cannot answer is a problem, not a broken file
            ending = held.pop_all()
        answer.response = self._told(answer.tell, work, ending)
        answer.call_on_close(ending.close)  # a body of which nothing was read

    def _told(self, tell: Tell, work: Work[Any], ending: ExitStack) -> Iterator[bytes]:
        with ending:
            try:
                yield from tell(work)
            except Exception as error:
                self._running.log.error("http.interrupted", error=type(error).__name__)
                raise
