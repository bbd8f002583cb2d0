"""How long collective cover goes on, free, after an employment ended (article L911-8 of the code de la sécurité sociale), and why."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from events.dsn import Radiation
from services.members.lifecycle import Halt, Status
from services.members.rules.declarations import last_word
from services.members.rules.motives import CANCELS_END
from services.members.rules.spells import Chain, Spell, Trail

LONGEST = 12
"""Months, whatever the employment lasted."""


@dataclass(frozen=True)
class Contract:
    """One of the consecutive contracts with the same employer; the days are both worked."""

    starts_on: date
    ended_on: date


@dataclass(frozen=True)
class Entitlement:
    """A portability and how its length was found.

    ``contracts`` are the consecutive ones that count together; ``months_employed`` counts from the first day of the first to the last of
    the last, a begun month for one; ``seniority_months`` is what the payroll declared (S21.G00.86, type 07). ``counted`` is which of them
    is the longer, ``capped`` whether the twelve months cut it. ``ends_on`` is earlier than the length says when ``shortened``: another
    cover begins, which ends the conditions of the law.
    """

    contracts: tuple[Contract, ...]
    months_employed: int
    seniority_months: int | None
    counted: Literal["employment", "seniority"]
    capped: bool
    months: int
    starts_on: date
    ends_on: date
    shortened: bool = False


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
    return months_after(ended_on + timedelta(days=1), months) - timedelta(days=1)


def months_after(day: date, months: int) -> date:
    """The same day of a later month; the day after that month's last when it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    length_of_month = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, length_of_month)) + timedelta(days=int(day.day > length_of_month))


def entitlement(contracts: Sequence[Contract], seniority_months: int | None, next_cover_on: date | None = None) -> Entitlement:
    """What the law gives after the last of some consecutive contracts; ``next_cover_on`` is when another cover begins, if one does."""
    first, last = contracts[0], contracts[-1]
    employed = months_employed(first.starts_on, last.ended_on)
    longest = max(employed, seniority_months or 0)
    months = min(LONGEST, longest)
    term = last_day(last.ended_on, months)
    eve = next_cover_on - timedelta(days=1) if next_cover_on else term
    return Entitlement(
        contracts=tuple(contracts),
        months_employed=employed,
        seniority_months=seniority_months,
        counted="employment" if employed == longest else "seniority",
        capped=longest > LONGEST,
        months=months,
        starts_on=last.ended_on + timedelta(days=1),
        ends_on=min(term, eve),
        shortened=eve < term,
    )


def consecutive(chain: Chain, employments: Iterable[Trail], end: Radiation) -> list[Contract]:
    """The contracts that count together up to ``end``: those of a chain, and before them, one by one, those of the same employer that
    ended on its eve or later."""
    contracts = [Contract(trail.starts_on, _ended_on(trail) or end.ended_on) for trail in chain[:-1]]
    contracts.append(Contract(chain[-1].starts_on, end.ended_on))
    others = [trail for trail in employments if trail not in chain and trail.key[0][:9] == chain[-1].key[0][:9]]
    while before := _before(contracts[0], others):
        contracts.insert(0, before)
    return contracts


def next_cover_on(spell: Spell, spells: Iterable[Spell], ended_on: date) -> date | None:
    """The first day of the next cover of the same person, whoever the employer: it ends the conditions of a portability."""
    return min((one.starts_on for one in spells if one.rights_id != spell.rights_id and one.starts_on > ended_on), default=None)


class Provable(Protocol):
    """Rights, as far as a proof of the benefit is concerned."""

    @property
    def status(self) -> str: ...
    @property
    def halt(self) -> str | None: ...
    @property
    def ends_on(self) -> date | None: ...
    @property
    def confirmed_on(self) -> date | None: ...


def awaits_proof(rights: Provable, received_on: date, every_months: int) -> bool:
    """Whether a proof opens a portability, or confirms one: not before the last day in the company; newer than the last, where the brand
    asks for others; one that stopped for want of it may come late."""
    if rights.status == Status.PORTABILITY_PENDING:
        return rights.ends_on is not None and received_on >= rights.ends_on
    running = rights.status == Status.PORTABILITY or (rights.status == Status.ENDED and rights.halt == Halt.PROOF_MISSING)
    return running and every_months > 0 and (rights.confirmed_on is None or rights.confirmed_on < received_on)


def _before(contract: Contract, others: Iterable[Trail]) -> Contract | None:
    """The contract that ended on the eve of another one's first day, or later, and began before it; the longest when there are two."""
    found = [
        Contract(trail.starts_on, ended_on)
        for trail in others
        if (ended_on := _ended_on(trail)) and trail.starts_on < contract.starts_on <= ended_on + timedelta(days=1)
    ]
    return min(found, key=lambda one: (one.starts_on, one.ended_on), default=None)


def _ended_on(trail: Trail) -> date | None:
    """The last day of an employment, whatever followed for the cover."""
    end = last_word(fact for fact in trail.facts if isinstance(fact, Radiation) and fact.cause == "employment")
    return end.ended_on if end and end.motive != CANCELS_END else None
