"""Which declarations still count. An order to replace or cancel kills what it names, wherever it stands in the order of arrival."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TypeVar

from events.dsn import Declaration, Radiation, Rank
from services.members.rules.motives import Motives, Outcome, motive

REPLACING = ("replaces", "replaces_without_individual")
CORRECTING = (*REPLACING, "cancels")
"""Types of declaration that say something about an earlier one (S20.G00.05.002: 03, 05 and 04)."""

Month = tuple[str, str, date, str]
Named = tuple[str, str, Rank]
"""SIRET, nature and rank: how a declaration is named by another one."""
K = TypeVar("K", Month, Named)


def month_of(declaration: Declaration) -> Month | None:
    """SIRET, nature, month and fraction of a monthly declaration: what a replacement without a target replaces."""
    if declaration.month is None:
        return None
    return declaration.siret, declaration.nature, declaration.month, declaration.fraction


def target_of(declaration: Declaration) -> Named | None:
    """The declaration that this one replaces or cancels, when it names one."""
    return (declaration.siret, declaration.nature, declaration.target) if declaration.target else None


def superseded(declarations: Iterable[Declaration]) -> Callable[[Declaration], bool]:
    """Whether one declaration is replaced or cancelled by one of ``declarations``: named as a target, of a lower rank than a replacement
    of the same month, or than another one that names the same target. What is dead stays dead even when its killer is dead too."""
    targets: dict[Named, Rank] = {}
    months: dict[Month, Rank] = {}
    for declaration in declarations:
        month, target = month_of(declaration), target_of(declaration)
        if target:
            targets[target] = max(targets.get(target, declaration.rank), declaration.rank)
        elif month and declaration.type in REPLACING:
            months[month] = max(months.get(month, declaration.rank), declaration.rank)

    def dead(declaration: Declaration) -> bool:
        named = (declaration.siret, declaration.nature, declaration.rank) in targets
        return named or _outranked(target_of(declaration), declaration, targets) or _outranked(month_of(declaration), declaration, months)

    return dead


def last_word(ends: Iterable[Radiation]) -> Radiation | None:
    """The end that counts among those of one employment: the highest rank. A cancellation says nothing itself, and also silences the
    earlier monthly declarations that repeated what it cancels."""
    told = list(ends)
    cancelled_up_to = [end.declaration for end in told if end.declaration.type == "cancels"]
    speaking = [end for end in told if end.declaration.type != "cancels" and not _echoes(end, cancelled_up_to)]
    return max(speaking, key=_weight, default=None)


def ends_cover(end: Radiation, table: Motives | None = None) -> bool:
    """Whether the cover stops with this end: not when affiliation is maintained (62.016), nor for a transfer or a cancelled end."""
    return not end.maintained and (end.cause == "cover" or motive(end.motive, table).outcome is not Outcome.NOT_AN_END)


def _echoes(end: Radiation, cancellations: list[Declaration]) -> bool:
    said = end.declaration
    return any(said.nature != cancellation.nature and said.rank < cancellation.rank for cancellation in cancellations)


def _outranked(key: K | None, declaration: Declaration, latest: Mapping[K, Rank]) -> bool:
    return key is not None and key in latest and declaration.rank < latest[key]


def _weight(end: Radiation) -> tuple[Rank, str, date, str, bool, int]:
    """An order over all that decides, so that the same set always has the same last word."""
    seniority = end.employment.seniority_months or 0
    return end.declaration.rank, end.declaration.nature, end.ended_on, end.motive or "", end.maintained, seniority
