"""What stays when somebody deletes an account (S2:30): the table is ``retention.toml``, read once and checked; receipts come from it."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from chassis.labels import _

TABLE = Path(__file__).with_name("retention.toml")
AFTER_CONTRACT = _("{years} ans après la fin de votre contrat")
AT_LEAST = _("au moins jusqu'à {until} ; ensuite, effacé si vous le demandez")
AT_LEAST_ON = _("au moins jusqu'au {until} ; ensuite, effacé si vous le demandez")
ON_ITS_DAY = _("effacé le {until}")
WHILE_NEEDED = _("tant que cela sert")


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that stays: what, for whom, from when, for how many years (0: no date), what happens then, and the text that says so."""

    what: str
    kinds: tuple[Literal["member", "employer"], ...]
    starts: Literal["deletion", "contract_end"]
    years: int
    then: Literal["erased", "asked"]
    source: str

    def __post_init__(self) -> None:
        if self.then == "erased" and (not self.years or self.starts != "deletion"):
            raise ValueError("ce qui s'efface de soi-même a un jour, compté de la suppression")

    def until(self, deleted_on: date) -> str:
        """Until when, as people read it."""
        if not self.years:
            return WHILE_NEEDED
        if self.starts == "contract_end":
            return AT_LEAST.format(until=AFTER_CONTRACT.format(years=self.years))
        told = AT_LEAST_ON if self.then == "asked" else ON_ITS_DAY
        return told.format(until=f"{_years_later(deleted_on, self.years):%d/%m/%Y}")


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table: what goes at once, what stays."""

    erased: tuple[str, ...]
    kept: tuple[Line, ...]


@cache
def table() -> Table:
    """The table as the service was shipped with it. Raises ``msgspec.ValidationError``."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), Table)


def kept(kind: str) -> tuple[Line, ...]:
    """What stays of an account of this kind."""
    return tuple(line for line in table().kept if kind in line.kinds)


def _years_later(day: date, years: int) -> date:
    """The same day some years later; the last of February for a 29th that is not there."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
