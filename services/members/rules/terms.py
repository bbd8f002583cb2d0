"""What is done, and what the tables say of it on its day: base, normal and applied rates, what may be withheld."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.members.rules.money import ZERO, cents
from services.members.rules.tariffs import Act, Exoneration, Price, Rate, Withheld, on, tariffs


class NoTariff(ValueError):
    """The act has no price on that day."""


@dataclass(frozen=True)
class Paid:
    """What the base scheme itself said that it did: the base and the percents it applied, and what it paid, withholdings deducted."""

    base: Decimal
    rate: int
    amount: Decimal


@dataclass(frozen=True)
class Care:
    """What is done, when, for how much. ``cost`` in euros; ``withheld_before`` what was kept back since January for the same reason.

    ``paid`` is what the base scheme told of a care that it refunded already: its word counts more than our tables.
    """

    act: str
    on: date
    cost: Decimal
    quantity: int = 1
    coefficient: Decimal = Decimal(1)
    coordinated: bool = True
    optam: bool = True
    adult: bool = True
    exoneration: Exoneration | None = None
    withheld_before: Decimal = ZERO
    paid: Paid | None = None


@dataclass(frozen=True)
class Terms:
    """What the tables say of a care on its day."""

    care: Care
    act: Act
    price: Price | None
    rate: Rate
    withheld: Withheld | None

    @property
    def base(self) -> Decimal:
        """The base of all its acts; never more than what was paid."""
        return min(self._base, self.care.cost)

    @property
    def _base(self) -> Decimal:
        if self.care.paid:
            return self.care.paid.base
        if self.act.daily_charge:
            return ZERO
        if self.price is None:
            return self.care.cost
        if self.price.key is not None:
            return cents(self.price.key * self.care.coefficient) * self.care.quantity
        outside = self.price.outside if not self.care.optam else None
        return (outside or self.price.base or ZERO) * self.care.quantity

    @property
    def normal_rate(self) -> int:
        """The rate in the coordinated path, an exoneration counted."""
        exempt = tariffs().exonerations[self.care.exoneration] if self.care.exoneration else None
        normal = exempt.rate if exempt and exempt.rate is not None else self.rate.coordinated
        return max(normal, self.care.paid.rate) if self.care.paid else normal

    @property
    def applied_rate(self) -> int:
        """The rate that the base scheme applies; an exoneration is for care in the path."""
        if self.care.paid:
            return self.care.paid.rate
        lowered = not self.care.coordinated and self.rate.outside is not None and self.normal_rate == self.rate.coordinated
        return self.rate.outside if lowered and self.rate.outside is not None else self.normal_rate

    @property
    def daily_charge(self) -> Decimal:
        """What a day costs when the base scheme refunds nothing (forfait journalier)."""
        return (self.price and self.price.charge) or ZERO

    @property
    def in_basket(self) -> bool:
        """Whether the price is within the limit of the 100 % santé basket."""
        return self.price is not None and self.price.cap is not None and self.care.cost <= self.price.cap * self.care.quantity


def terms_of(care: Care) -> Terms:
    """The terms of a care. Raises ``KeyError`` for an act out of the table, ``NoTariff`` for a day without a price."""
    table = tariffs()
    act = table.acts[care.act]
    price, rate = on(act.prices, care.on), on(table.rates[act.rate].steps, care.on)
    withholding = table.withholdings[act.withheld] if act.withheld else None
    if rate is None or (act.prices and price is None and not care.paid):
        raise NoTariff(care.act)
    return Terms(care, act, price, rate, on(withholding.steps, care.on) if withholding else None)
