"""What stands on the broker: one exchange, one queue a service, a place for what could not be delivered, one for what nobody hears.

Everything is declared from the subscriptions, by whoever connects, again at each connection. Nothing is ever unbound here: a process of the
version before would take away what the new one listens to. Arguments of a queue never change; an operator's policies may.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kombu import Exchange, Queue, binding

import events
from chassis.service import Service

PREFIX = "affilia"
DELIVERY_LIMIT = 200
"""A mere backstop: tries are counted in the inbox, one fact at a time."""
UNHEARD_LENGTH = 10_000
QUORUM = {"x-queue-type": "quorum"}


@dataclass(frozen=True)
class Topology:
    """Names and bindings. ``listeners`` maps each service to the facts it hears; ``unheard`` are known facts that none hears."""

    listeners: Mapping[str, frozenset[str]]
    unheard: frozenset[str]
    prefix: str = PREFIX

    @classmethod
    def of(cls, services: Iterable[Service], prefix: str = PREFIX) -> "Topology":
        """The topology of a whole platform: every process has to know all of its services."""
        listeners = {service.name: service.listens_to for service in services}
        return cls(listeners, frozenset(events.CATALOGUE).difference(*listeners.values()), prefix)

    @property
    def exchange(self) -> str:
        return f"{self.prefix}.events"

    def queue(self, service: str) -> str:
        """The queue of a service."""
        return f"{self.prefix}.{service}"

    def declare(self, channel: Any) -> None:
        """Declare everything; what is there already stays. Raises when something of the same name is there that differs."""
        for queue in self.queues():
            queue(channel).declare()

    def queues(self) -> list[Any]:
        """Every queue with its exchange and its bindings; where the undelivered go comes first."""
        source = Exchange(self.exchange, type="topic")
        parked = Exchange(f"{self.prefix}.parked", type="fanout")
        return [
            Queue(f"{self.prefix}.parked", parked, queue_arguments=QUORUM),
            _queue(f"{self.prefix}.unheard", source, self.unheard, QUORUM | {"x-max-length": UNHEARD_LENGTH, "x-overflow": "drop-head"}),
            *(_queue(self.queue(name), source, heard, self._arguments()) for name, heard in sorted(self.listeners.items())),
        ]

    def _arguments(self) -> dict[str, Any]:
        """One active consumer keeps the order; no length: one service that stands still must not refuse the facts of all the others."""
        return QUORUM | {
            "x-single-active-consumer": True,
            "x-delivery-limit": DELIVERY_LIMIT,
            "x-dead-letter-exchange": f"{self.prefix}.parked",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }


def _queue(name: str, exchange: Any, facts: Iterable[str], arguments: Mapping[str, Any]) -> Any:
    return Queue(name, bindings=[binding(exchange, fact) for fact in sorted(facts)], queue_arguments=dict(arguments))
