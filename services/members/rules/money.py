"""Euros: decimal, to the cent, rounded half up line by line (never a float)."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")


def cents(amount: Decimal) -> Decimal:
    """An amount to the cent, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def percent(amount: Decimal, rate: int) -> Decimal:
    """``rate`` percent of an amount, to the cent."""
    return cents(amount * rate / 100)


def words(amount: Decimal) -> str:
    """``1 234,50 €``, with the narrow spaces of French."""
    return f"{amount:,.2f} €".replace(",", "\u202f").replace(".", ",").replace(" €", "\u00a0€")
