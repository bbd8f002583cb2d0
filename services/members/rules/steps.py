"""Each step of an estimate, said in French with its rule, the day it holds from and where it is written."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chassis.labels import _
from services.members.rules.money import ZERO, words
from services.members.rules.tariffs import tariffs
from services.members.rules.terms import Terms


@dataclass(frozen=True)
class Step:
    """One step of the reckoning: the ``rule`` that was applied, in words, its amount, since when it holds and where it is written."""

    rule: str
    sentence: str
    amount: Decimal
    since: date | None = None
    source: str | None = None


def base(terms: Terms) -> Step:
    """What the base scheme refunds on."""
    source = (terms.price.since, terms.price.source) if terms.price else (None, None)
    if terms.act.daily_charge:
        return Step("base", _("L'Assurance Maladie ne rembourse pas ce soin."), ZERO, *source)
    sentence = _("{label} : l'Assurance Maladie rembourse sur une base de {base}.")
    return Step("base", sentence.format(label=terms.act.label, base=words(terms.base)), terms.base, *source)


def rate(terms: Terms, gross: Decimal) -> Step:
    """What it pays of that base, and why not more."""
    rate, exoneration = terms.applied_rate, terms.care.exoneration
    if rate != terms.normal_rate:
        sentence = _("Hors du parcours de soins, elle prend en charge {rate} % de cette base au lieu de {normal} % : {amount}.")
        said = sentence.format(rate=rate, normal=terms.normal_rate, amount=words(gross))
        return Step("hors_parcours", said, gross, terms.rate.since, terms.rate.source)
    said = _("Elle prend en charge {rate} % de cette base : {amount}.").format(rate=rate, amount=words(gross))
    if exoneration and (exempt := tariffs().exonerations[exoneration]).rate is not None:
        return Step("exoneration", f"{said[:-1]} ({exempt.label}).", gross, None, exempt.source)
    return Step("rate", said, gross, terms.rate.since, terms.rate.source)


def withheld(terms: Terms, amount: Decimal) -> tuple[Step, ...]:
    """What it keeps back, when it does."""
    if not amount or terms.withheld is None or terms.act.withheld is None:
        return ()
    label = tariffs().withholdings[terms.act.withheld].label
    said = _("{label} : elle retient {amount}, que la loi interdit à votre complémentaire de vous rendre.")
    sentence = said.format(label=label, amount=words(amount))
    return (Step(terms.act.withheld, sentence, -amount, terms.withheld.since, terms.withheld.source),)


def guarantee(promised: str, covered: Decimal, complementary: Decimal) -> Step:
    """What the contract adds."""
    said = _("Votre garantie ({words}) couvre ce soin jusqu'à {covered}, part de l'Assurance Maladie comprise : elle verse {amount}.")
    sentence = said.format(words=promised, covered=words(covered), amount=words(complementary))
    return Step("guarantee", sentence, complementary, source=_("votre contrat"))


def left(amount: Decimal, withheld: Decimal, surcharge: Decimal) -> Step:
    """What is left, part by part."""
    parts = (
        (_("{amount} retenus par l'Assurance Maladie"), withheld),
        (_("{amount} hors du parcours de soins"), surcharge),
        (_("{amount} au-delà de votre garantie"), amount - withheld - surcharge),
    )
    told = ", ".join(text.format(amount=words(part)) for text, part in parts if part)
    sentence = _("Il vous reste à payer {left}").format(left=words(amount))
    return Step("left", f"{sentence} ({told})." if told else f"{sentence}.", amount)
