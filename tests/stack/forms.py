"""How long and how wide a campaign is: the short form that every run of the tests plays, the full one of ``make faults``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from affilia.keys import SERVICES

VARIABLE = "AFFILIA_FAULTS"
Spread = tuple[tuple[str, ...], ...]
TOGETHER: Spread = (SERVICES,)
"""One worker and one relay for all: the same roles in two processes, where a small machine has little time."""
APART: Spread = tuple((name,) for name in SERVICES)
"""A worker and a relay for each service, as operators run them."""


@dataclass(frozen=True)
class Form:
    """``spread`` says which services share a worker and a relay. Frozen parts stand still for ``longest_freeze_s`` at most, in the full
    form longer than the broker's patience; ``away_s`` is how long the broker is away. All in seconds.

    ``drained_s`` and ``drained_after_away_s`` are held against the promises in the full form; the short one runs on machines of any speed.
    """

    spread: Spread
    commands: int
    faults: int
    longest_freeze_s: float
    away_s: float
    drained_s: float
    drained_after_away_s: float
    embedded_commands: int
    embedded_kills: int


FORMS: Mapping[str, Form] = {
    "short": Form(
        TOGETHER, 150, 6, longest_freeze_s=4, away_s=10, drained_s=90, drained_after_away_s=120, embedded_commands=150, embedded_kills=5
    ),
    "full": Form(
        APART, 2_000, 24, longest_freeze_s=30, away_s=120, drained_s=10, drained_after_away_s=30, embedded_commands=500, embedded_kills=10
    ),
}


def chosen() -> Form:
    """The form that the environment names, else the short one."""
    return FORMS[os.environ.get(VARIABLE, "short")]
