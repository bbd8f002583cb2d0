"""The roles of a service beside the web: relay and worker, each led by one process a database, woken by NOTIFY, sure by polling."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from chassis import housekeeping, inbox, outbox
from chassis.audit import Notary
from chassis.relay import Carrier, relay_once
from chassis.service import Running, Task

POLL_S = 1.0
STAND_BY_S = 1.0
AFTER_ERROR_S = 0.5


class Loop(Protocol):
    """A thread that works until it is told to stop. ``moved_at`` is when it last came round, by the monotonic clock."""

    name: str
    moved_at: float

    def is_alive(self) -> bool: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, timeout: float | None = None) -> None: ...


class Role(threading.Thread):
    """A loop that only one process runs for a database: it holds an advisory lock and listens on the same connection."""

    def __init__(self, running: Running, role: str, channel: str, once: Callable[[], int]) -> None:
        super().__init__(name=f"{running.name}-{role}", daemon=True)
        self._running, self._role, self._channel, self._once = running, role, channel, once
        self._stopping = threading.Event()
        self.moved_at = time.monotonic()

    def run(self) -> None:
        while not self._stopping.is_set():
            self.moved_at = time.monotonic()
            try:
                self._lead()
            except (psycopg.Error, SQLAlchemyError, OSError) as error:
                self._running.log.warning("role.interrupted", role=self._role, error=type(error).__name__)
                self._stopping.wait(AFTER_ERROR_S)

    def stop(self) -> None:
        """Finish the batch in hand and end."""
        self._stopping.set()

    def _lead(self) -> None:
        url = self._running.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            if not self._elected(connection):
                self._stopping.wait(STAND_BY_S)
                return
            connection.execute(f"LISTEN {self._channel}")  # a constant of ours, LISTEN takes no parameter
            while not self._stopping.is_set():
                self._drain(connection)
                next(connection.notifies(timeout=POLL_S, stop_after=1), None)

    def _elected(self, connection: psycopg.Connection[Any]) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(hashtext(%s))", [f"affilia:{self._role}"]).fetchone()
        return bool(row and row[0])

    def _drain(self, lead: psycopg.Connection[Any]) -> None:
        while not self._stopping.is_set():
            self.moved_at = time.monotonic()
            lead.execute("SELECT")  # raises once the lock is lost with its connection: a batch is never begun without it
            try:
                if not self._once():
                    return
            except (psycopg.Error, SQLAlchemyError):
                raise
            except Exception as error:  # a role never dies of one batch: it says so and tries again
                self._running.log.error("role.failed", role=self._role, error=type(error).__name__)
                self._stopping.wait(AFTER_ERROR_S)
                return


class Worker:
    """The inbox of a service, its tasks and its housekeeping, done in turn on one thread."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._due = {task.name: 0.0 for task in running.service.tasks}
        self._sweep_at = time.monotonic() + housekeeping.EVERY_S
        self._notary = Notary(running)

    def once(self) -> int:
        """Apply a batch, then run the tasks that are due (all of them when something was applied)."""
        applied = inbox.work_once(self._running)
        self._notary.once()
        self._keep_house()
        return applied + sum(self._run(task, woken=applied > 0) for task in self._running.service.tasks)

    def _keep_house(self) -> None:
        if time.monotonic() >= self._sweep_at:
            self._sweep_at = time.monotonic() + housekeeping.EVERY_S
            self._running.log.info("house.kept", rows=housekeeping.sweep(self._running))

    def _run(self, task: Task, *, woken: bool) -> int:
        if not woken and time.monotonic() < self._due[task.name]:
            return 0
        self._due[task.name] = time.monotonic() + task.every.total_seconds()
        try:
            with self._running.working() as work:
                done = task.run(work, self._running.adapters)
        except Exception as error:  # a task that fails waits for its next turn: the inbox and the other tasks go on
            self._running.metrics.task_failures.labels(task.name).inc()
            self._running.log.error("task.failed", task=task.name, error=type(error).__name__)
            return 0
        return done


def relay(running: Running, carrier: Carrier) -> Role:
    """The relay role of a service, not started yet."""
    return Role(running, "relay", outbox.CHANNEL, lambda: relay_once(running, carrier))


def worker(running: Running) -> Role:
    """The worker role of a service, not started yet."""
    return Role(running, "worker", inbox.CHANNEL, Worker(running).once)


def stop(roles: Sequence[Loop], timeout: float = 8.0) -> None:
    """Ask every role to end, then wait for all of them."""
    for role in roles:
        role.stop()
    deadline = time.monotonic() + timeout
    for role in roles:
        role.join(max(0.0, deadline - time.monotonic()))
