"""What the base scheme refunds: prices, rates and withholdings, each with its first day (``tariffs.toml``, checked when read)."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

TABLE = Path(__file__).with_name("tariffs.toml")
Exoneration = Literal["ald", "maternity", "work_accident", "solidarity"]


class _Dated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that holds from a day on, and where that is said."""

    since: date
    source: str


D = TypeVar("D", bound=_Dated)


class Price(_Dated, frozen=True, kw_only=True):
    """What an act is refunded on: ``base`` (``outside`` for a sector 2 doctor without OPTAM) or the value of one coefficient, ``key``.

    ``cap`` is the price limit of the 100 % santé basket; ``charge`` what a day costs when the base scheme refunds nothing.
    """

    base: Decimal | None = None
    outside: Decimal | None = None
    key: Decimal | None = None
    cap: Decimal | None = None
    charge: Decimal | None = None


class Rate(_Dated, frozen=True, kw_only=True):
    """Percents of the base: in the coordinated care path, and outside of it where that differs."""

    coordinated: int
    outside: int | None = None


class Withheld(_Dated, frozen=True, kw_only=True):
    """What is kept back for one act."""

    amount: Decimal


class Rates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    label: str
    steps: tuple[Rate, ...]


class Withholding(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A participation or a franchise: how much a year and, in acts, a day at most; who never pays it."""

    label: str
    yearly: Decimal
    adults_only: bool
    exempt: tuple[Exoneration, ...]
    steps: tuple[Withheld, ...]
    daily: int | None = None


class Exempt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reason for which the base scheme pays otherwise; without a ``rate`` only the withholdings change."""

    label: str
    source: str
    rate: int | None = None


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of care: the guarantee it falls under, its rate, and what is withheld from it."""

    label: str
    domain: str
    rate: str
    withheld: Literal["participation", "franchise"] | None = None
    daily_charge: bool = False
    prices: tuple[Price, ...] = ()

    @property
    def by_coefficient(self) -> bool:
        """Whether a coefficient must be told."""
        return any(price.key is not None for price in self.prices)


class Tariffs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole table. An act that names an unknown rate, or steps out of order, do not pass the door."""

    rates: Mapping[str, Rates]
    withholdings: Mapping[str, Withholding]
    exonerations: Mapping[Exoneration, Exempt]
    acts: Mapping[str, Act]

    def __post_init__(self) -> None:
        if unknown := {act.rate for act in self.acts.values()} - self.rates.keys():
            raise ValueError(f"acts name unknown rates: {sorted(unknown)}")
        lists: list[Sequence[_Dated]] = [act.prices for act in self.acts.values()]
        lists += [rates.steps for rates in self.rates.values()]
        lists += [withholding.steps for withholding in self.withholdings.values()]
        if any([step.since for step in steps] != sorted({step.since for step in steps}) for steps in lists):
            raise ValueError("the steps of a table are in the order of their days, a day once")


@cache
def tariffs() -> Tariffs:
    """The table. Raises ``msgspec.ValidationError`` when the file is wrong: a test reads it before anybody."""
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), Tariffs)


def on(steps: Sequence[D], day: date) -> D | None:
    """The step that holds on a day, ``None`` before the first."""
    return next((step for step in reversed(steps) if step.since <= day), None)
