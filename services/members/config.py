"""What a brand says of its members: the words of its card, how member numbers begin, what may be told of their departures."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from chassis import work


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


class MembersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members]`` table. ``regime`` is what the collective cover is called (S1:174)."""

    regime: str
    card: Card
    radiations: Radiations


Work: TypeAlias = work.Work[MembersBrand]
