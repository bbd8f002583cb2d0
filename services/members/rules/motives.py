"""Why an employment ended (S21.G00.62.002), and what follows for the cover. The table is ``motives.toml``, read once and checked."""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

CANCELS_END = "099"
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


UNKNOWN = Motive(outcome=Outcome.PROOF, label="motif non précisé")
"""A code of a later norm, or none: nobody is excluded without a reason, a proof decides."""


@cache
def motives() -> Mapping[str, Motive]:
    """Every code with its motive. Raises ``msgspec.ValidationError`` when the file is wrong: a test reads it before anybody."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8"))["motives"], dict[str, Motive])


def motive(code: str | None) -> Motive:
    """The motive of a code; what is not in the table is ``UNKNOWN``."""
    return motives().get(code or "", UNKNOWN)
