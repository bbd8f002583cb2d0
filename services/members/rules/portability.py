"""How long collective cover goes on, free, after an employment ended (article L911-8 of the code de la sécurité sociale)."""

from calendar import monthrange
from datetime import date, timedelta

LONGEST = 12
"""Months, whatever the employment lasted."""


def months_employed(starts_on: date, ended_on: date) -> int:
    """Months from the first to the last day, both included, a begun month counting for one (L911-8, 1°)."""
    after = ended_on + timedelta(days=1)
    whole = (after.year - starts_on.year) * 12 + after.month - starts_on.month
    return max(1, whole + (after.day > starts_on.day))


def length(starts_on: date, ended_on: date, seniority_months: int | None = None) -> int:
    """Months of portability: those of the employment, or the seniority in the company when it is longer, because consecutive contracts
    with one employer count together (S21.G00.86, type 07); at most twelve."""
    return min(LONGEST, max(months_employed(starts_on, ended_on), seniority_months or 0))


def last_day(ended_on: date, months: int) -> date:
    """The last covered day of a portability that begins on the day after ``ended_on``."""
    first = ended_on + timedelta(days=1)
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if first.day == 1:
        return date(year, month + 1, 1) - timedelta(days=1)
    return date(year, month + 1, min(first.day - 1, monthrange(year, month + 1)[1]))
