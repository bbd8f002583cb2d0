"""This service's table of the brand file, and the work its actions are handed."""

from typing import Annotated, Literal

import msgspec

from chassis import work

Positive = Annotated[int, msgspec.Meta(ge=1)]
Field = Literal["first_name", "last_name", "birth_on", "nir", "address", "email", "phone", "iban"]
When = Literal["always", "spouse", "adult_child", "other_dependent"]
"""The situations that ask for a piece: the keys of ``rules.SITUATIONS``."""
Abandoner = Literal["employer", "caseworker", "timer"]


class RelaunchRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often an employer may remind an employee: once in ``every_hours``, ``most`` times in all. The platform reminds by itself
    ``automatic_days`` after the form was sent; a pause lasts ``most_pause_days`` at most."""

    every_hours: Positive
    most: Positive
    automatic_days: tuple[Positive, ...] = ()
    most_pause_days: Positive = 60


class PieceRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supporting document: its kind in documents, its name, the situation that asks for it and why, as people read them."""

    kind: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    label: str
    when: When
    reason: str


class AffiliationBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[affiliation]`` table. Ages are in whole years; a child of ``adult_age`` is adult, up to ``child_last_age`` still a child.
    ``return_address`` is where paper comes back to."""

    expiry_days: Positive
    can_abandon: tuple[Abandoner, ...]
    most_days_ahead: Positive
    required: tuple[Field, ...]
    adult_age: Positive
    child_last_age: Positive
    return_address: tuple[str, ...]
    relaunch: RelaunchRule
    pieces: tuple[PieceRule, ...]


Work = work.Work[AffiliationBrand]
