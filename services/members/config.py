"""What a brand says of its members: the words of its card and how member numbers begin."""

from typing import TypeAlias

import msgspec

from chassis import work


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.card]`` table: what the card is called, the sentence under it, and the first letters of a member number."""

    name: str
    mention: str
    number_prefix: str


class MembersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members]`` table. ``regime`` is what the collective cover is called (S1:174)."""

    regime: str
    card: Card


Work: TypeAlias = work.Work[MembersBrand]
