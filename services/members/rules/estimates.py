"""What a care costs the person: base scheme, complementary, left to pay, each step said with its rule, its day and its source (S4:128).

The formula: the base scheme pays its rate of the base, less what it withholds; the complementary pays up to its guarantee, counted from
the *normal* share of the base scheme, so that neither a withholding nor the surcharge of an uncoordinated path is ever paid back
(CSS L871-1). ``cost = base_scheme + complementary + left`` always.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chassis.labels import _
from services.members.rules import steps
from services.members.rules.levels import Level, level
from services.members.rules.money import ZERO, percent
from services.members.rules.tariffs import tariffs
from services.members.rules.terms import Care, NoTariff, Terms, terms_of

__all__ = ["NO_PROMISE", "Care", "Estimate", "NoTariff", "Promise", "estimate", "promised"]

MOST_OUTSIDE = 200
"""Percent of the base that a contrat responsable may pay for a doctor without OPTAM, the base scheme's share included (CSS R871-2, 2°)."""


@dataclass(frozen=True)
class Promise:
    """The guarantee that the care falls under, as the contract words it and as it is read."""

    words: str
    level: Level
    responsible: bool = True


NO_PROMISE = Promise(_("aucune garantie pour ce soin"), Level(percent=0))


@dataclass(frozen=True)
class Estimate:
    """Who pays what, in euros, and why."""

    cost: Decimal
    base: Decimal
    base_scheme: Decimal
    complementary: Decimal
    left: Decimal
    steps: tuple[steps.Step, ...]


def promised(guarantees: Iterable[Mapping[str, str]], domain: str, *, responsible: bool) -> Promise | None:
    """What a contract says for a domain: nothing is promised where it does not name it; ``None`` when its words cannot be read."""
    named = next((line for line in guarantees if line["domain"] == domain), None)
    if named is None:
        return NO_PROMISE
    read = level(named["level"])
    return Promise(f"{named['label']}, {named['level']}", read, responsible) if read else None


def estimate(care: Care, promise: Promise = NO_PROMISE) -> Estimate:
    """What each one pays for a care. Raises ``KeyError`` for an act out of the table, ``NoTariff`` for a day without a price."""
    terms = terms_of(care)
    gross, normal = percent(terms.base, terms.applied_rate), percent(terms.base, terms.normal_rate)
    withheld = _withheld(terms, gross)
    paid = gross - withheld
    covered = min(care.cost, _covered(terms, promise, normal))
    complementary = max(ZERO, min(covered - normal, care.cost - paid))
    left = care.cost - paid - complementary
    said = (
        steps.base(terms),
        steps.rate(terms, gross),
        *steps.withheld(terms, withheld),
        steps.guarantee(promise.words, covered, complementary),
        steps.left(left, withheld, normal - gross),
    )
    return Estimate(care.cost, terms.base, paid, complementary, left, said)


def _withheld(terms: Terms, gross: Decimal) -> Decimal:
    """What the base scheme keeps back: an amount for each act, within a day and a year, never more than its refund."""
    care, withheld = terms.care, terms.withheld
    if care.paid:
        return gross - care.paid.amount
    if withheld is None or terms.act.withheld is None:
        return ZERO
    rule = tariffs().withholdings[terms.act.withheld]
    if care.exoneration in rule.exempt or (rule.adults_only and not care.adult):
        return ZERO
    acts = min(care.quantity, rule.daily) if rule.daily else care.quantity
    return max(ZERO, min(withheld.amount * acts, rule.yearly - care.withheld_before, gross))


def _covered(terms: Terms, promise: Promise, normal: Decimal) -> Decimal:
    """Up to what cost the guarantee goes, the base scheme's normal share included."""
    level, care = promise.level, terms.care
    if level.real_cost or (level.basket and terms.in_basket):
        return care.cost
    if terms.act.daily_charge and promise.responsible:
        return terms.daily_charge * care.quantity
    share = percent(terms.base, _percent(terms, promise)) if level.percent is not None else normal
    return max(share, normal) + (level.flat or ZERO)


def _percent(terms: Terms, promise: Promise) -> int:
    level = promise.level
    assert level.percent is not None
    if terms.care.optam or terms.act.rate != "doctor":
        return level.percent
    stated = level.outside if level.outside is not None else level.percent
    return min(stated, MOST_OUTSIDE) if promise.responsible else stated
