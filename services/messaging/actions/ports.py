"""What hand-over asks of the outside: words for a notice, and one courier per channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from chassis.config import Brand
from services.messaging.config import MessagingBrand, MessagingWork
from services.messaging.models import Notice
from services.messaging.rules import Channel


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message ready to leave. ``link`` and ``code`` repeat what the text already says, for those who read caught messages.

    ``to`` is an e-mail address, an E.164 number, or the lines of a postal address; ``pdf`` is the letter.
    """

    id: UUID
    channel: Channel
    brand: str
    sender: str
    sender_name: str
    to: str
    subject: str
    text: str
    html: str = ""
    pdf: bytes | None = None
    link: str | None = None
    code: str | None = None


AT_ONCE = 50
"""Notices in one transaction, when their couriers write in it: a code waits behind a fraction of a second of others."""


class Courier(Protocol):
    """Carries parcels of one channel. Raises ``Refused`` (for ever) or ``Unreachable`` (for now).

    ``joins``: it writes in our transaction, so that what it took and what we say of it are one.
    """

    joins: bool

    def carry(self, work: MessagingWork, parcel: Parcel) -> str:
        """Take the parcel; returns the carrier's reference. Only the demo's couriers look at ``work``: they write in it."""

    def already(self, parcel: Parcel, since: datetime) -> str | None:
        """The reference of this very parcel if it was taken after ``since``, ``None`` when it surely, or harmlessly, was not."""


class Words(Protocol):
    """Turns a notice into words."""

    def parcel(self, notice: Notice, brand: Brand[MessagingBrand], values: Mapping[str, Any], address: str) -> Parcel: ...

    def ring(self, notice: Notice, brand: Brand[MessagingBrand], values: Mapping[str, Any]) -> tuple[str, str]: ...


@dataclass(frozen=True)
class Adapters:
    """What the running service was given at start."""

    composer: Words
    couriers: Mapping[str, Courier]

    @property
    def at_once(self) -> int:
        """How many notices one transaction carries: one as soon as a courier acts outside it, so that a crash leaves one in doubt."""
        return AT_ONCE if all(courier.joins for courier in self.couriers.values()) else 1
