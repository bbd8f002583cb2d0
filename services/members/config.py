"""What a brand says of its members: the words of its card, how member numbers begin, what may be told of their departures."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from chassis import work
from services.members.rules.motives import MotiveChange, Motives, adjusted
from services.members.rules.services import Family, Offer


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


TELECONSULTATION = "teleconsultation"
"""The key of the service that hands a member over to a partner."""


class Services(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.services]`` table (S0:313-320): the page's title, its headings, and the services under them."""

    title: str
    families: Annotated[tuple[Family, ...], Meta(min_length=1)]
    offers: Annotated[tuple[Offer, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        families, keys = {family.key for family in self.families}, [offer.key for offer in self.offers]
        if len(keys) > len(set(keys)):
            raise ValueError("deux services ont la même clé")
        if stray := [offer.key for offer in self.offers if offer.family not in families]:
            raise ValueError(f"services sans famille connue : {', '.join(stray)}")

    def offer(self, key: str) -> Offer:
        """A service by its key. Raises ``StopIteration``."""
        return next(offer for offer in self.offers if offer.key == key)


class Teleconsultation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members.teleconsultation]`` table: whom members are handed over to (S4:297-301), and the page that takes the token."""

    key: Annotated[str, Meta(pattern="^[a-z][a-z0-9-]{1,30}$")]
    name: str
    url: Annotated[str, Meta(pattern="^https://[^#]+$")]


class MembersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[members]`` table. ``regime`` is what the collective cover is called (S1:174); ``motives`` is what this brand says otherwise
    of the ends of contract, code by code, over the platform's table."""

    regime: str
    card: Card
    radiations: Radiations
    portability: Portability
    services: Services
    teleconsultation: Teleconsultation | None = None
    motives: dict[str, MotiveChange] = {}

    def __post_init__(self) -> None:
        adjusted(self.motives)
        if (self.teleconsultation is None) != all(offer.key != TELECONSULTATION for offer in self.services.offers):
            raise ValueError(f"[members.teleconsultation] et le service « {TELECONSULTATION} » vont ensemble")

    @property
    def motive_table(self) -> Motives:
        """What each code of end of contract means in this brand. Raises ``ValueError``."""
        return adjusted(self.motives)


Work: TypeAlias = work.Work[MembersBrand]
