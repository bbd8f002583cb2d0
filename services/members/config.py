"""What a brand says of its members: the words of its card, how member numbers begin, what may be told of their departures."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from chassis import work
from services.members.rules.motives import MotiveChange, Motives, adjusted


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.card]`` table: what the card is called, the sentence under it, and the first letters of a member number."""

    name: str
    mention: str
    number_prefix: str


class Radiations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.radiations]`` table (S1:314): how far ahead and back an employer without DSN may end a contract, and for how long she
    may take it back, in days; more than ``four_eyes_above`` people in 24 h wait for a second person."""

    most_days_ahead: Annotated[int, Meta(ge=0)]
    most_days_back: Annotated[int, Meta(ge=0)]
    undo_days: Annotated[int, Meta(ge=0)]
    four_eyes_above: Annotated[int, Meta(ge=1)]


class Portability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.portability]`` table: every how many months the benefit is proved again (0: never), and how many days late a proof
    may be once it was asked for (CSS L911-8: the person tells the insurer); how far ahead and back a member may declare (S4:150-168), in
    days, and the kinds of documents that prove her benefit, as ``[documents]`` names them."""

    proof_every_months: Annotated[int, Meta(ge=0, le=12)]
    grace_days: Annotated[int, Meta(ge=1, le=365)]
    most_days_ahead: Annotated[int, Meta(ge=0)]
    most_days_back: Annotated[int, Meta(ge=0)]
    proofs: Annotated[tuple[str, ...], Meta(min_length=1)]


class MembersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members]`` table. ``regime`` is what the collective cover is called (S1:174); ``motives`` is what this brand says otherwise
    of the ends of contract, code by code, over the platform's table."""

    regime: str
    card: Card
    radiations: Radiations
    portability: Portability
    motives: dict[str, MotiveChange] = {}

    def __post_init__(self) -> None:
        adjusted(self.motives)

    @property
    def motive_table(self) -> Motives:
        """What each code of end of contract means in this brand. Raises ``ValueError``."""
        return adjusted(self.motives)


Work: TypeAlias = work.Work[MembersBrand]
