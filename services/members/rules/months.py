"""A month of an establishment: when all of its declarations are taken, so that whoever none of them names is missing from it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from chassis.labels import _
from events.dsn import Declaration
from services.members.rules.declarations import CORRECTING, superseded
from services.members.rules.reasons import month as named

Place = tuple[str, date]
"""A SIRET, and the first day of a month."""
Span = tuple[str, date, date]
"""A SIRET, and the days between which the months of it are looked at."""
MONTHLY = "01"
MISSING = _(
    "Absent des déclarations de {month} de cet établissement, ou déclaré sans affiliation au contrat, sans fin de contrat annoncée. "
    "Ses droits ne changent pas : vérifiez la déclaration."
)


@dataclass(frozen=True)
class Taken:
    """A monthly declaration that was read to its end, and whether every fact it told has arrived."""

    declaration: Declaration
    arrived: bool


def whole_months(taken: Iterable[Taken], corrections: Iterable[Declaration]) -> set[Place]:
    """The months of which every fraction stands and has arrived."""
    told = list(taken)
    dead = superseded([*(one.declaration for one in told), *corrections])
    months: dict[Place, list[Taken]] = {}
    for one in told:
        if one.declaration.month and not dead(one.declaration):
            months.setdefault((one.declaration.siret, one.declaration.month), []).append(one)
    return {place for place, parts in months.items() if _is_whole(parts)}


def spans(declarations: Iterable[Declaration]) -> set[Span]:
    """The months that some monthly declarations speak of; one that replaces another lets the year before it be looked at again: whoever it
    names no more may have been missing already."""
    monthly = [(said, said.month) for said in declarations if said.nature == MONTHLY and said.month]
    return {(said.siret, _year_before(month) if said.type in CORRECTING else month, month) for said, month in monthly}


def span(siret: str, starts_on: date, ended_on: date | None) -> Span:
    """The months to look at for rights that open, or open again: since they began, or the year before the end that was taken back."""
    return siret, max(starts_on, _year_before(ended_on)) if ended_on else starts_on, date.max


def missing(month: date) -> str:
    """Why an anomaly is shown."""
    return MISSING.format(month=named(month))


def _year_before(day: date) -> date:
    return date(day.year - 1, day.month, 1)


def _is_whole(parts: Collection[Taken]) -> bool:
    """Whether fractions ``nd``, the n-th of d each, make a month. Those that wait for a fact leave it open."""
    fractions = {one.declaration.fraction for one in parts if one.arrived}
    waited = any(not one.arrived for one in parts)
    return not waited and any({f"{place}{of}" for place in range(1, int(of) + 1)} <= fractions for of in {part[1] for part in fractions})
