"""What a brand says of its employers: what each insurer calls the company's identifier, and the limits around activation."""

from typing import TypeAlias

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


class EmployersBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[employers]`` table; ``identifier`` is keyed by insurer."""

    identifier: dict[str, Identifier] = {}
    activation: Activation = Activation()


Work: TypeAlias = work.Work[EmployersBrand]
