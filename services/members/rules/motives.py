"""Why an employment ended (S21.G00.62.002), and what follows for the cover. The table is ``motives.toml``, read once and checked."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

CANCELS_END = "099"
TRANSFERS = ("100", "998")
"""The employment goes on in another establishment of the company: the affiliation follows it there."""
TABLE = Path(__file__).with_name("motives.toml")


class Outcome(StrEnum):
    """What an end of contract means for the collective cover."""

    PRESUMED = "P"
    PROOF = "J"
    EXCLUDED = "X"
    OTHER_DUTY = "R"
    NOT_AN_END = "N"


class Motive(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"outcome": "class"}):
    """One code: its label, what it means, and which duty replaces portability when there is one."""

    outcome: Outcome
    label: str
    duty: Literal["retirement", "death"] | None = None

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.OTHER_DUTY) != (self.duty is not None):
            raise ValueError("a motive of class R, and no other, names its duty")


Motives = Mapping[str, Motive]
"""Every code with its motive."""


class MotiveChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"outcome": "class"}):
    """What a brand says otherwise of one code; what it does not name stays."""

    outcome: Outcome | None = None
    label: str | None = None
    duty: Literal["retirement", "death"] | None = None


UNKNOWN = Motive(outcome=Outcome.PROOF, label="motif non précisé")
"""A code of a later norm, or none: nobody is excluded without a reason, a proof decides."""


@cache
def motives() -> Motives:
    """The platform's table. Raises ``msgspec.ValidationError`` when the file is wrong: a test reads it before anybody."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8"))["motives"], dict[str, Motive])


def motive(code: str | None, table: Motives | None = None) -> Motive:
    """The motive of a code, in a brand's table or the platform's; what is not in it is ``UNKNOWN``."""
    return (motives() if table is None else table).get(code or "", UNKNOWN)


def adjusted(changes: Mapping[str, MotiveChange]) -> Motives:
    """The platform's table with what a brand says otherwise. Raises ``ValueError`` for a code that the norm does not have, and for a duty
    without its class or a class without its duty."""
    if strangers := sorted(changes.keys() - motives().keys()):
        raise ValueError(f"motives unknown to the norm: {', '.join(strangers)}")
    return {**motives(), **{code: _changed(motives()[code], change) for code, change in changes.items()}}


def _changed(before: Motive, change: MotiveChange) -> Motive:
    outcome = change.outcome or before.outcome
    kept = before.duty if outcome is Outcome.OTHER_DUTY else None
    return Motive(outcome=outcome, label=change.label or before.label, duty=change.duty or kept)
