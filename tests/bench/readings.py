"""What a benchmark says: readings, each with what was promised. Sides of a comparison run in turn, and medians are compared."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Reading:
    """One line of the table: ``what`` was measured, what was ``found``, what was ``promised``, whether the promise is ``kept``."""

    what: str
    found: str
    promised: str
    kept: bool
    beside: str = ""
    """The two sides of a ratio, or whatever else a reader wants to see beside it."""


Side = Callable[[], float]
"""One round of one side: returns a rate (per second) or a duration (seconds), the same for all sides of a comparison."""


def in_turn(rounds: int, sides: Mapping[str, Side]) -> dict[str, float]:
    """The median of each side over ``rounds``; every round runs all sides, so that a slow moment slows them all."""
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            found[name].append(side())
    return {name: median(values) for name, values in found.items()}


def at_least(what: str, ours: float, baseline: float, promised: float, unit: str) -> Reading:
    """The ratio of two rates, the more the better."""
    ratio = ours / baseline
    return Reading(what, f"{ratio:.2f}", f"≥ {promised:g}", ratio >= promised, f"{_number(ours)} contre {_number(baseline)} {unit}")


def at_most(what: str, ours: float, baseline: float, promised: float, unit: str = "s") -> Reading:
    """The ratio of two durations, the less the better."""
    ratio = ours / baseline
    return Reading(what, f"{ratio:.2f}", f"≤ {promised:g}", ratio <= promised, f"{_number(ours)} contre {_number(baseline)} {unit}")


def within(what: str, found: float, promised: float, unit: str, beside: str = "") -> Reading:
    """A value under its limit."""
    return Reading(what, f"{_number(found)} {unit}", f"≤ {promised:g} {unit}", found <= promised, beside)


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _number(value: float) -> str:
    """A figure as it is read: no decimals from a hundred on, thousands apart."""
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 100 else f"{value:.3g}".replace(".", ",")
