"""The feed's way out where facts travel by a broker: confirmed messages, one batch at a time, on one link that all threads share."""

import threading
from collections.abc import Sequence

from chassis import logs, problems
from chassis.broker.carrier import BrokerCarrier
from chassis.broker.topology import Topology
from chassis.envelope import Envelope

TURN_S = 10.0
"""The longest wait for one's turn: past it the producer is asked to come back."""
TRIES = 2
"""A link on which nothing passed for long may be dead without a word: a batch is published again, inboxes know its ids."""


class BrokerRoom:
    """See ``gateway.feed.Room``. What a fact's inbox already holds is known over there only."""

    def __init__(self, url: str, topology: Topology) -> None:
        self._heard = frozenset().union(*topology.listeners.values())
        self._carrier = BrokerCarrier(url, topology)
        self._turn = threading.Lock()

    def knows(self, name: str) -> bool:
        return name in self._heard

    def hand_over(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when the broker has every one on disk. Raises ``Unavailable``."""
        if not self._turn.acquire(timeout=TURN_S):
            raise problems.Unavailable
        try:
            self._carry(envelopes)
        finally:
            self._turn.release()

    def close(self) -> None:
        """Say goodbye to the broker; the next batch would greet it again."""
        with self._turn:
            self._carrier.close()

    def _carry(self, envelopes: Sequence[Envelope]) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                return self._carrier.carry(envelopes)
            except Exception as error:  # the library raises what its vendors raise
                logs.log("gateway").warning("feed.broker", error=type(error).__name__)
                if not tries_left:
                    raise problems.Unavailable from error
