"""What an employer without DSN, or a caseworker for her, said directly of the end of an employment (S1:314), as the fold sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

DirectSource = Literal["employer", "caseworker"]
SIDES: Mapping[str, DirectSource] = {"employer": "employer", "caseworker": "caseworker"}
"""The kinds of actor who may say it."""


@dataclass(frozen=True)
class DirectEnd:
    """The last word said at a door, and the day it was told. ``ended_on`` is the last day in the company, ``None`` once taken back."""

    source: DirectSource
    told_on: date
    ended_on: date | None = None
    motive: str | None = None
