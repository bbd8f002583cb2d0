"""A radiation told directly (S1:314): what can be done with it, until when, and which dates and motives it may give."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from chassis.labels import _
from services.members.lifecycle import LABELS, Status
from services.members.rules.direct import DirectEnd, DirectSource
from services.members.rules.motives import Motive, Motives, Outcome, motives
from services.members.rules.reasons import day

Flaw = tuple[str, str]
"""A field, and what is wrong with it."""


class Verb(StrEnum):
    """What can be done: its key, its button, and what the history calls it."""

    label: str
    done: str

    def __new__(cls, value: str, label: str, done: str) -> "Verb":
        verb = str.__new__(cls, value)
        verb._value_, verb.label, verb.done = value, label, done
        return verb

    RADIATE = "radiate", _("Radier ce salarié"), _("Radiation déclarée")
    CORRECT = "correct", _("Corriger la radiation"), _("Radiation corrigée")
    WITHDRAW = "withdraw", _("Annuler la radiation"), _("Radiation annulée")


VERBS = {verb.value: verb for verb in Verb}
SOURCE_LABELS: dict[DirectSource, str] = {"employer": _("L'employeur"), "caseworker": _("Un conseiller, pour l'employeur")}

EMITS_DSN = _(
    "Cette entreprise émet des DSN : la fin du contrat y est lue automatiquement, vous n'avez rien à faire ici. Si elle n'apparaît pas cinq"
    " jours ouvrés après le départ, vérifiez que votre service de paie a transmis le signalement de fin de contrat, puis écrivez-nous"
    " (motif « Radiation d'un salarié »)."
)
NOT_OPEN = _("Ces droits ne sont pas ouverts ({status}) : il n'y a pas de radiation à déclarer.")
ALREADY_TOLD = _("La radiation est déjà déclarée, au {day} : corrigez-la ou annulez-la.")
NOTHING_TOLD = _("Aucune radiation déclarée ici ne fonde ces droits : il n'y a rien à corriger ni à annuler.")
PAYROLL_SPOKE = _("La paie a déclaré cette fin de contrat depuis : c'est elle qui la corrige.")
GRANTED = _("La portabilité est déjà accordée : écrivez-nous pour corriger cette radiation.")
TOO_LATE = _("Cette radiation ne se corrige plus ici depuis le {day} : écrivez-nous.")
BEFORE_START = _("La fin du contrat ne peut pas précéder le début des droits, le {day}.")
TOO_FAR_AHEAD = _("La fin du contrat ne peut pas être déclarée plus de {days} jours à l'avance : au plus tard le {day}.")
TOO_FAR_BACK = _("La fin du contrat remonte à plus de {days} jours : au plus tôt le {day}. Avant, écrivez-nous.")
UNKNOWN_MOTIVE = _("Choisissez un motif de la liste.")
NOTHING_NEW = _("Rien ne change : même jour, même motif.")


class Terms(Protocol):
    """What a brand allows, in days."""

    @property
    def most_days_ahead(self) -> int: ...
    @property
    def most_days_back(self) -> int: ...
    @property
    def undo_days(self) -> int: ...


@dataclass(frozen=True)
class Standing:
    """Where rights stand, as far as it decides on a radiation. ``said`` is the last word said directly."""

    status: Status
    source: str
    starts_on: date
    emits_dsn: bool
    said: DirectEnd | None = None

    @property
    def told(self) -> DirectEnd | None:
        """The radiation that was told directly and stands."""
        return self.said if self.said and self.said.ended_on else None


def refusal(verb: Verb, standing: Standing, by: DirectSource, terms: Terms, today: date) -> str | None:
    """Why this cannot be done, ``None`` when it can. A caseworker is not held by the employer's delay."""
    if verb is Verb.RADIATE:
        return _no_radiation(standing)
    if standing.told is None:
        return NOTHING_TOLD
    if standing.source == "dsn":
        return PAYROLL_SPOKE
    return None if by == "caseworker" else _too_late(standing, standing.told, terms, today)


def possible(standing: Standing, by: DirectSource, terms: Terms, today: date) -> list[Verb]:
    """The buttons."""
    return [verb for verb in Verb if refusal(verb, standing, by, terms, today) is None]


def flaws(standing: Standing, ended_on: date, motive: str, terms: Terms, today: date, table: Motives | None = None) -> Iterator[Flaw]:
    """What is wrong with a date and a motive; ``table`` is what motives mean in the brand."""
    earliest, latest = today - timedelta(days=terms.most_days_back), today + timedelta(days=terms.most_days_ahead)
    if ended_on < standing.starts_on:
        yield "ended_on", BEFORE_START.format(day=day(standing.starts_on))
    elif ended_on < earliest:
        yield "ended_on", TOO_FAR_BACK.format(days=terms.most_days_back, day=day(earliest))
    elif ended_on > latest:
        yield "ended_on", TOO_FAR_AHEAD.format(days=terms.most_days_ahead, day=day(latest))
    if motive not in offered(table):
        yield "motive", UNKNOWN_MOTIVE


def offered(table: Motives | None = None) -> dict[str, Motive]:
    """The motives that end an employment, by code: what is not an end of the relation radiates nobody."""
    return {code: motive for code, motive in (table or motives()).items() if motive.outcome is not Outcome.NOT_AN_END}


def _no_radiation(standing: Standing) -> str | None:
    if standing.emits_dsn:
        return EMITS_DSN
    if standing.status is Status.ACTIVE:
        return None
    if standing.told and standing.told.ended_on and standing.source != "dsn":
        return ALREADY_TOLD.format(day=day(standing.told.ended_on))
    return NOT_OPEN.format(status=LABELS[standing.status])


def _too_late(standing: Standing, told: DirectEnd, terms: Terms, today: date) -> str | None:
    if standing.status is Status.PORTABILITY:
        return GRANTED
    assert told.ended_on is not None
    until = max(told.ended_on, told.told_on + timedelta(days=terms.undo_days))
    return TOO_LATE.format(day=day(until + timedelta(days=1))) if today > until else None
