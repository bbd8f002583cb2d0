"""What a line of a décompte comes to: who was cared for, under which guarantee, who pays what and why (S0:139-154, S3:125-150).

The engine is that of estimates, told what the base scheme did. A third party who was paid already is not paid again: his amount stands. A
correction is reckoned like the care it takes back, then turned negative. ``cost = base_scheme + complementary + left`` always.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chassis.labels import _
from events.noemie import Care as Told
from events.noemie import PaidTo, Party
from identifiers.text import folded
from services.members.rules.estimates import estimate, promised
from services.members.rules.money import ZERO, words
from services.members.rules.steps import Step
from services.members.rules.tariffs import tariffs
from services.members.rules.terms import Care, NoTariff, Paid


class StatementState(StrEnum):
    WAITING = "waiting"
    SETTLED = "settled"


PAID_TO_LABELS: Mapping[PaidTo, str] = {"member": _("Payé à l'assuré"), "third_party": _("Payé au professionnel de santé")}
UNKNOWN_PERSON = _("Personne inconnue : aucune affiliation finalisée ne porte ce numéro de sécurité sociale.")
NOT_COVERED = _("Aucun contrat de ce numéro d'AMC ne couvrait cette personne au jour des soins.")
UNKNOWN_BENEFICIARY = _("La personne soignée n'est pas parmi les bénéficiaires du contrat.")
UNKNOWN_ACT = _("Soin absent de nos tarifs : un gestionnaire complète la table.")
UNREADABLE = _("La garantie de ce contrat ne se lit pas : un gestionnaire l'examine.")
ALREADY_PAID = _("Le professionnel de santé a déjà été payé : nous lui avons versé {amount}, vous n'avez pas eu à l'avancer.")
CORRECTION = _("Correction : l'Assurance Maladie revient sur un règlement précédent, et nous aussi.")


class Waits(ValueError):
    """A line cannot be settled yet; the message, in French, says what is missing."""


@dataclass(frozen=True)
class Patient:
    """Somebody who may have been cared for: ``rank`` is 0 for the member, else the ayant droit's."""

    rank: int
    first_name: str
    last_name: str
    birth_on: date


@dataclass(frozen=True)
class Share:
    """Who paid what of a line, in euros, and why."""

    label: str
    complementary: Decimal
    left: Decimal
    steps: tuple[Step, ...]


def patient(party: Party, known: Iterable[Patient]) -> Patient:
    """Whom a décompte is about, by the day of birth, then by first name. Raises ``Waits``."""
    born = [one for one in known if one.birth_on == party.birth_on]
    found = born if len(born) == 1 else [one for one in born if folded(one.first_name) == folded(party.first_name)]
    if len(found) != 1:
        raise Waits(UNKNOWN_BENEFICIARY)
    return found[0]


def same_insurer(told: str, contract: str) -> bool:
    """Whether two AMC numbers are one: eight, nine or ten digits, as the norm of the day wrote them."""
    return told.zfill(10) == contract.zfill(10)


def label(act: str) -> str:
    """What an act is called; its letter when our tables do not know it."""
    known = tariffs().acts.get(act)
    return known.label if known else act


def share(line: Told, guarantees: Iterable[Mapping[str, str]], *, responsible: bool) -> Share:
    """What the contract pays of a line. Raises ``Waits``."""
    sign = -1 if line.cost < 0 or line.base_scheme < 0 else 1
    complementary, steps = _settled(line, list(guarantees), responsible)
    said = (Step("correction", CORRECTION, sign * complementary), *steps) if sign < 0 else steps
    return Share(label(line.act), sign * complementary, line.cost - line.base_scheme - sign * complementary, said)


def _settled(line: Told, guarantees: list[Mapping[str, str]], responsible: bool) -> tuple[Decimal, tuple[Step, ...]]:
    """The amount of the complementary, without its sign, and the reckoning."""
    if line.paid_to == "third_party" and line.complementary_paid is not None:
        paid = abs(line.complementary_paid)
        return paid, (Step("third_party", ALREADY_PAID.format(amount=words(paid)), paid),)
    if line.act not in tariffs().acts:
        raise Waits(UNKNOWN_ACT)
    promise = promised(guarantees, tariffs().acts[line.act].domain, responsible=responsible)
    if promise is None:
        raise Waits(UNREADABLE)
    try:
        found = estimate(_care(line), promise)
    except NoTariff as unknown:
        raise Waits(UNKNOWN_ACT) from unknown
    return found.complementary, found.steps


def _care(line: Told) -> Care:
    return Care(
        act=line.act,
        on=line.starts_on,
        cost=abs(line.cost),
        quantity=line.quantity,
        coefficient=line.coefficient,
        optam=line.optam,
        exoneration=line.exoneration,
        paid=Paid(abs(line.base), line.rate, abs(line.base_scheme)),
    )


@dataclass(frozen=True)
class Synthesis:
    """What was paid over twelve months: ``total = to_member + to_third_parties`` (S3:145-147)."""

    since: date
    until: date
    to_member: Decimal = ZERO
    to_third_parties: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.to_member + self.to_third_parties


def twelve_months(today: date) -> date:
    """The first day of the last twelve months: the day after the same one, a year ago."""
    try:
        before = today.replace(year=today.year - 1)
    except ValueError:
        before = today.replace(year=today.year - 1, day=28)
    return before.fromordinal(before.toordinal() + 1)
