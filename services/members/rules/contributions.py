"""Which of the contributions that a contract tells is in force: of each plan, the last that has begun."""

from collections.abc import Iterable
from datetime import date
from typing import Any

Told = dict[str, str]
"""``plan``, ``amount``, ``employer_share``, ``employee_share`` in words, and ``starts_on`` (ISO)."""


def dated(contributions: Iterable[Told], today: date) -> list[dict[str, Any]]:
    """The contributions, the latest first, each with whether it is in force on a day."""
    ordered = sorted(contributions, key=lambda told: (told["starts_on"], told["plan"]), reverse=True)
    lines, begun = [], set()
    for told in ordered:
        starts_on = date.fromisoformat(told["starts_on"])
        lines.append({**told, "starts_on": starts_on, "in_force": starts_on <= today and told["plan"] not in begun})
        if starts_on <= today:
            begun.add(told["plan"])
    return lines
