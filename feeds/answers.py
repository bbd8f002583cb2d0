"""What a platform answers to a producer, as far as the kit reads it."""

from uuid import UUID

import msgspec


class Receipt(msgspec.Struct, frozen=True):
    """Events durably taken; ``repeated`` of them the platform already had."""

    accepted: int
    repeated: int = 0


class EventFlaw(msgspec.Struct, frozen=True):
    """Why the platform refused one event: its place in the batch, from 0, and the reason in French."""

    index: int = 0
    reason: str = ""


class Standing(msgspec.Struct, frozen=True):
    """Who the platform takes the sender for: a name, and the companies (SIREN) it declares for; ``None`` when they are not bounded."""

    name: str = ""
    sirens: frozenset[str] | None = None

    def declares(self, siret: str) -> bool:
        return self.sirens is None or siret[:9] in self.sirens


class Outcome(msgspec.Struct, frozen=True):
    """What became of a fact (``state``, its label and the reason in French), by the id it was sent under."""

    id: UUID
    state: str
    state_label: str
    reason: str = ""


class Outcomes(msgspec.Struct, frozen=True):
    """What the platform answers of the facts that it was asked about; it says nothing of those it does not know."""

    items: tuple[Outcome, ...] = ()


class Problem(msgspec.Struct, frozen=True):
    """What is read of a problem+json answer (RFC 9457)."""

    type: str = ""
    slug: str = ""
    title: str = ""
    detail: str = ""
    errors: tuple[EventFlaw, ...] = ()
