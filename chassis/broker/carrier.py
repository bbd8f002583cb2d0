"""The relay's way out: windows of confirmed, mandatory, persistent messages. Any doubt drops the channel, and the relay plays again."""

import time
from collections.abc import Sequence
from itertools import islice
from typing import Any

from chassis.broker import wire
from chassis.broker.link import Link, checked
from chassis.broker.topology import Topology
from chassis.envelope import Envelope

WINDOW = 500
CONFIRM_S = 5.0


class NotConfirmed(Exception):
    """The broker gave a message back, refused it, or was silent for too long: nothing of the window counts as carried."""


class BrokerCarrier:
    """Carries envelopes to the broker (see ``chassis.relay.Carrier``); belongs to one relay. Connects when it first carries."""

    def __init__(self, url: str, topology: Topology, confirm_s: float = CONFIRM_S) -> None:
        self._url, self._topology, self._confirm_s = checked(url), topology, confirm_s
        self._outlet: _Outlet | None = None

    def carry(self, envelopes: Sequence[Envelope]) -> None:
        """Returns when the broker has every envelope on disk. Raises :class:`NotConfirmed`, ``OSError`` or an error of the library."""
        rest = iter(envelopes)
        try:
            while window := list(islice(rest, WINDOW)):
                self._open().publish(window)
        except BaseException:
            self._drop()
            raise

    def close(self) -> None:
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            outlet.link.close()

    def _open(self) -> "_Outlet":
        if self._outlet is None:
            self._outlet = _Outlet(Link(self._url), self._topology, self._confirm_s)
        return self._outlet

    def _drop(self) -> None:
        outlet, self._outlet = self._outlet, None
        if outlet is not None:
            outlet.link.drop()


class _Outlet:
    """A channel in confirm mode, which numbers its messages from 1. The library matches no confirm to its message, so this does."""

    def __init__(self, link: Link, topology: Topology, confirm_s: float) -> None:
        self.link, self._topology, self._confirm_s = link, topology, confirm_s
        self._last = 0
        self._awaited: set[int] = set()
        self._refusal = ""
        self._prepare(link.channel)

    def _prepare(self, channel: Any) -> None:
        try:
            self._topology.declare(channel)
            channel.confirm_select()
        except BaseException:
            self.link.drop()
            raise
        channel.events["basic_ack"].add(self._on_ack)
        channel.events["basic_nack"].add(self._on_nack)
        channel.events["basic_return"].add(self._on_return)

    def publish(self, window: Sequence[Envelope]) -> None:
        self._awaited = set(range(self._last + 1, self._last + 1 + len(window)))
        self._last += len(window)
        self.link.publish(self._topology.exchange, ((one.name, wire.properties(one), one.body) for one in window))
        self._settle()

    def _settle(self) -> None:
        deadline = time.monotonic() + self._confirm_s
        while self._awaited and not self._refusal:
            left = deadline - time.monotonic()
            if left <= 0 or not self.link.pump(left):
                raise NotConfirmed(f"{len(self._awaited)} unconfirmed after {self._confirm_s:g} s")
        if self._refusal:
            raise NotConfirmed(self._refusal)

    def _on_ack(self, tag: int, multiple: bool) -> None:
        if multiple:
            self._awaited = {number for number in self._awaited if number > tag}
        else:
            self._awaited.discard(tag)

    def _on_nack(self, _tag: int, _multiple: bool) -> None:
        self._refusal = "the broker could not keep a message"

    def _on_return(self, _error: Exception, _exchange: str, name: str, _message: Any) -> None:
        self._refusal = f"no queue takes {name}"
