"""What a brand says of its employers: what each insurer calls the company's identifier, and the limits around activation."""

from datetime import timedelta
from typing import Literal, TypeAlias

import msgspec

from chassis import work


class Identifier(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company's identifier, insurer by insurer: ``name`` of the insurer, ``label`` on its letters, ``help`` to find it (S1:63-76)."""

    name: str
    label: str
    help: str


class Activation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits: wrong pairs and codes count per SIRET in 24 h, tries per network in an hour."""

    wrong_pairs_per_siret: int = 5
    codes_per_siret: int = 5
    tries_per_network: int = 10


class Invitations(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the link of an invitation lives, how often and how many times it is sent again, how many one account may send in 24 h."""

    hours: int = 72
    every_minutes: int = 10
    most: int = 5
    per_day: int = 100

    @property
    def life(self) -> timedelta:
        return timedelta(hours=self.hours)

    @property
    def every(self) -> timedelta:
        return timedelta(minutes=self.every_minutes)


class AddScope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody adds a company to her perimeter (S1:164): by which numbers; wrong pairs of one account count in 24 h."""

    accepts: tuple[Literal["siret", "siren"], ...] = ("siret", "siren")
    wrong_pairs_per_account: int = 5


class EmployersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[employers]`` table; ``identifier`` is keyed by insurer."""

    identifier: dict[str, Identifier] = {}
    activation: Activation = Activation()
    invitations: Invitations = Invitations()
    add_scope: AddScope = AddScope()


Work: TypeAlias = work.Work[EmployersBrand]
