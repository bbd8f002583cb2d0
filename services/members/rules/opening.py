"""Opening hours as data: the part of OpenStreetMap's ``opening_hours`` that counters need.

``Mo-Fr 09:00-12:30,14:00-18:00; Sa 09:00-12:00``: two spans from Monday to Friday, Saturday mornings.
Days that are not named are closed; so are the French public holidays (article L3133-1 du code du travail).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from dateutil.easter import easter

from chassis.labels import _

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
LABELS = (_("lundi"), _("mardi"), _("mercredi"), _("jeudi"), _("vendredi"), _("samedi"), _("dimanche"))
RULE = re.compile(r"(?P<first>[A-Z][a-z])(?:-(?P<last>[A-Z][a-z]))? (?P<spans>[0-9:,-]+)")
SPAN = re.compile(r"([0-2][0-9]:[0-5][0-9])-([0-2][0-9]:[0-5][0-9])")
FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)
"""Days from Easter Sunday to Easter Monday, Ascension Day and Whit Monday."""


@dataclass(frozen=True)
class Span:
    """Open from a time to another of the same day, the last one out."""

    opens: time
    closes: time


Week = tuple[tuple[Span, ...], ...]
"""The spans of each day, from Monday on."""


@cache
def week(text: str) -> Week:
    """What the rules say. Raises ``ValueError``."""
    days: list[tuple[Span, ...]] = [()] * len(DAYS)
    for rule in text.split(";"):
        found = RULE.fullmatch(rule.strip())
        if found is None or not {found["first"], found["last"] or found["first"]} <= set(DAYS):
            raise ValueError(f"les horaires « {rule.strip()} » ne sont pas lisibles (exemple : Mo-Fr 09:00-12:30,14:00-18:00)")
        first = DAYS.index(found["first"])
        for day in range(first, DAYS.index(found["last"] or found["first"]) + 1):
            days[day] = tuple(_span(span) for span in found["spans"].split(","))
    return tuple(days)


def is_open(hours: Week, at: datetime) -> bool:
    """Whether the door is open at a civil instant."""
    return not is_holiday(at.date()) and any(span.opens <= at.time() < span.closes for span in hours[at.weekday()])


def is_holiday(day: date) -> bool:
    """Whether France rests on that day."""
    return (day.month, day.day) in FIXED_HOLIDAYS or day in {easter(day.year) + timedelta(days) for days in AFTER_EASTER}


def told(spans: tuple[Span, ...]) -> str:
    """A day's spans as people read them; nothing when the door stays shut."""
    return ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans)


def _span(text: str) -> Span:
    found = SPAN.fullmatch(text)
    if found is None:
        raise ValueError(f"les horaires « {text} » ne sont pas lisibles (exemple : 09:00-12:30)")
    try:
        opens, closes = (time.fromisoformat(part) for part in found.groups())
    except ValueError:
        raise ValueError(f"les horaires « {text} » ne sont pas des heures") from None
    if opens >= closes:
        raise ValueError(f"les horaires « {text} » finissent avant de commencer")
    return Span(opens, closes)
