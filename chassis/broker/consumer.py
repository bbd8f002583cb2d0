"""The worker's way in: one thread reads the queue and keeps the link alive, another applies batches, or commits them to the inbox.

The inbox is the truth: a message is acknowledged once its row is committed, and what comes again is dropped there. What the broker delivers
again may have killed who had it: unopened, it goes the durable way, as does a batch that could not be applied as it came.
"""

import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import NamedTuple

from sqlalchemy.exc import DataError

from chassis import straight
from chassis.broker import wire
from chassis.broker.frames import Delivery
from chassis.broker.link import HEARTBEAT_S, Link, checked
from chassis.broker.topology import Topology
from chassis.envelope import Envelope
from chassis.hearing import Heard, hear
from chassis.inbox import deliver
from chassis.service import Running

BATCH = 500
LINGER_S = 0.02
MOST_BYTES = 8_000_000
PREFETCH = 4 * BATCH
BUSY_S, IDLE_S = 0.01, 0.5
"""How long one look at the link takes: while something is to be acknowledged soon, and otherwise."""
BEAT_S = 1.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 2.0
LAST_BATCH_S = 5.0
TURN_S = 0.0005
"""How long a thread of this process may compute while another wants to: at Python's own 5 ms, the desk waits ten times longer for its turn
than for the answer of its database."""


class Consumer(threading.Thread):
    """Receives what one service hears, until :meth:`stop`. Of several processes, the broker lets one receive at a time."""

    def __init__(self, running: Running, url: str, topology: Topology, heartbeat: float = HEARTBEAT_S) -> None:
        super().__init__(name=f"{running.name}-consumer", daemon=True)
        self._running, self._url, self._topology, self._heartbeat = running, checked(url), topology, heartbeat
        self._stopping = threading.Event()
        self._desk = Desk(running, self._stopping)
        self.moved_at = time.monotonic()

    def run(self) -> None:
        sys.setswitchinterval(TURN_S)
        self._desk.start()
        wait = FIRST_WAIT_S
        while not self._stopping.is_set():
            since = self.moved_at = time.monotonic()
            try:
                self._attend()
            except Exception as error:  # the library raises what its vendors raise: the link is dropped and made again
                self._running.log.warning("broker.interrupted", error=type(error).__name__)
                wait = FIRST_WAIT_S if time.monotonic() - since > LONGEST_WAIT_S else min(2 * wait, LONGEST_WAIT_S)
                self._stopping.wait(wait)

    @property
    def waiting(self) -> int:
        """How many messages wait in this process behind the batch in hand: ``PREFETCH`` at most, however long the database is away."""
        return self._desk.waiting

    def stop(self) -> None:
        """Finish the batch in hand, acknowledge it and end; what was read beyond it stays on the broker."""
        self._stopping.set()

    def _attend(self) -> None:
        link = Link(self._url, heartbeat=self._heartbeat)
        try:
            self._topology.declare(link.channel)
            self._desk.start_over()
            session = Session(link, self._topology.queue(self._running.name), self._desk)
            while not self._stopping.is_set():
                self.moved_at = time.monotonic()
                session.turn()
            self._desk.join(LAST_BATCH_S)
            session.acknowledge()
            link.close()
        finally:
            link.drop()


class Session:
    """One subscription on one link, by the thread that owns the link. The desk moves ``committed``."""

    def __init__(self, link: Link, queue: str, desk: "Desk") -> None:
        self._link, self._desk = link, desk
        self._received = self._acknowledged = self.committed = 0
        self._beats_at = 0.0
        link.listen(queue, PREFETCH, self._on_delivery)

    def turn(self) -> None:
        """Handle what has come, acknowledge what is committed, keep the link alive."""
        self._link.pump(BUSY_S if self._received > self._acknowledged else IDLE_S)
        self.acknowledge()
        if time.monotonic() >= self._beats_at:
            self._beats_at = time.monotonic() + BEAT_S
            self._link.beat()

    def acknowledge(self) -> None:
        """One acknowledgement for everything committed since the last."""
        committed = self.committed
        if committed > self._acknowledged:
            self._link.channel.basic_ack(committed, multiple=True)
            self._acknowledged = committed

    def _on_delivery(self, delivery: Delivery) -> None:
        self._received = delivery.tag
        self._desk.take(self, delivery)


class Item(NamedTuple):
    """A message in hand, and what was heard of it."""

    session: Session
    delivery: Delivery
    heard: Heard


class Desk(threading.Thread):
    """Applies what the sessions take in, in its order, in batches. While the database is away it keeps its batch and tries on.

    To give the batch back would have the broker count a delivery for each of its messages, and park them all in the end. What waits behind
    the batch is never more than the broker lets one session hold (``PREFETCH``): a new session starts over.
    """

    def __init__(self, running: Running, stopping: threading.Event) -> None:
        super().__init__(name=f"{running.name}-desk", daemon=True)
        self._running, self._stopping = running, stopping
        self._taken: SimpleQueue[Item] = SimpleQueue()

    @property
    def waiting(self) -> int:
        """How many messages wait behind the batch in hand."""
        return self._taken.qsize()

    def start_over(self) -> None:
        """Let go what an ended session took and nothing committed: the broker delivers it again to the next one."""
        with suppress(Empty):
            while True:
                self._taken.get_nowait()

    def take(self, session: Session, delivery: Delivery) -> None:
        """Called by the session's thread, which opens what it received while this one waits for the database."""
        envelope = wire.read(delivery)
        heard = Heard(envelope, None) if delivery.redelivered else hear(self._running, envelope)
        self._taken.put(Item(session, delivery, heard))

    def run(self) -> None:
        while not self._stopping.is_set():
            batch = self._gather()
            if batch and self._commit(batch):
                batch[-1].session.committed = batch[-1].delivery.tag

    def _gather(self) -> list[Item]:
        """What comes within 20 ms of the first, 500 messages or 8 MB at most; nothing when nothing comes."""
        batch: list[Item] = []
        size, wait, deadline = 0, IDLE_S, float("inf")
        while len(batch) < BATCH and size < MOST_BYTES:
            try:
                batch.append(self._taken.get(timeout=wait))
            except Empty:
                break
            size += len(batch[-1].delivery.body)
            deadline = min(deadline, time.monotonic() + LINGER_S)
            wait = max(0.0, deadline - time.monotonic())
        return batch

    def _commit(self, batch: Sequence[Item]) -> bool:
        """Whether the batch is in the inbox: false only when the process ends before the database is back."""
        if self._applied(batch):
            return True
        wait = FIRST_WAIT_S
        while not self._stopping.is_set() or wait == FIRST_WAIT_S:
            try:
                self._deliver(batch)
                return True
            except Exception as error:  # this thread never dies of one batch: it says so and tries again
                self._running.log.warning("inbox.unreachable", error=type(error).__name__)
                self._stopping.wait(wait)
                wait = min(2 * wait, LONGEST_WAIT_S)
        return False

    def _applied(self, batch: Sequence[Item]) -> bool:
        """Whether the batch went straight to its handlers."""
        try:
            straight.apply(self._running, [item.heard for item in batch])
        except Exception as error:  # whatever it is, the worker finds out whose doing it is
            self._running.log.warning("inbox.not_straight", error=type(error).__name__)
            return False
        return True

    def _deliver(self, batch: Sequence[Item]) -> None:
        try:
            self._insert([item.heard.envelope for item in batch])
        except (DataError, UnicodeEncodeError) as error:  # nothing known gets here: one by one, the culprit alone is set aside
            self._running.log.error("inbox.unstorable", error=type(error).__name__)
            for item in batch:
                self._insert_alone(item)

    def _insert_alone(self, item: Item) -> None:
        try:
            self._insert([item.heard.envelope])
        except (DataError, UnicodeEncodeError) as error:
            self._insert([wire.unreadable(item.delivery, type(error).__name__)])

    def _insert(self, envelopes: Sequence[Envelope]) -> None:
        with self._running.engine.begin() as connection:
            deliver(connection, envelopes)
