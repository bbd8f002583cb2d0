"""What an edge hands to an action: one session, who acts, when, for which brand. The edge alone commits it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from chassis.actor import Actor
from chassis.config import Brand
from chassis.database import ActingSession
from chassis.trace import trace_id
from events.fact import Fact

PARIS = ZoneInfo("Europe/Paris")
B = TypeVar("B")
F = TypeVar("F", bound=Fact)


@dataclass(frozen=True)
class Told(Generic[F]):
    """A fact as it arrived: what it says, its identity, and where it comes from."""

    fact: F
    id: uuid.UUID
    time: datetime
    brand: str
    trace: str


@dataclass(frozen=True)
class Emission:
    """A fact that waits for the commit, with the envelope it will travel in."""

    fact: Fact
    brand: str
    trace: str
    causation: str


class Line(msgspec.Struct, frozen=True):
    """A line of the audit trail that waits for the commit. ``details`` hold ids, codes and counts, never personal content."""

    at: datetime
    actor: str
    action: str
    subject: str
    brand: str
    trace: str
    details: dict[str, Any]


@dataclass
class Work(Generic[B]):
    """One unit of work at a door. Actions read and write through ``session`` and tell facts through :meth:`emit`."""

    session: ActingSession
    actor: Actor
    now: datetime
    brands: Mapping[str, Brand[B]]
    trace: str
    brand_key: str
    causation: str = ""
    pinned_today: date | None = None
    emissions: list[Emission] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The civil date in Paris."""
        return self.pinned_today or self.now.astimezone(PARIS).date()

    @property
    def brand(self) -> Brand[B]:
        """The brand this work is done for. Raises ``KeyError`` for work that belongs to none (a feed names no brand)."""
        return self.brands[self.brand_key]

    def because(self, told: Told[Any]) -> "Work[B]":
        """The same work, as the consequence of one fact: its brand, its trace, its id as the cause."""
        return replace(self, brand_key=told.brand or self.brand_key, trace=told.trace, causation=str(told.id))

    def for_brand(self, key: str) -> "Work[B]":
        """The same work for another brand, when the row says whose it is (a feed does not)."""
        return replace(self, brand_key=key)

    def emit(self, fact: Fact) -> None:
        """Tell a fact when, and only when, this work commits."""
        self.emissions.append(Emission(fact, self.brand_key, self.trace, self.causation))

    def audit(self, action: str, subject: str, **details: Any) -> None:
        """Leave a line in the audit trail when, and only when, this work commits; ``details`` hold ids, codes and counts."""
        self.lines.append(Line(self.now, self.actor.name, action, subject, self.brand_key, trace_id(self.trace), details))
