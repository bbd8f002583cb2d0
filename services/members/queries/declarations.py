"""Receipts: what became of each declaration of a payroll, for caseworkers, for the employer, and fact by fact for the producer."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import events
from chassis.labels import _
from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, NobodyCovered, Radiation
from services.members.access import declarations
from services.members.config import Work
from services.members.models import DsnFact, DsnOutcome
from services.members.rules.facts import STATE_LABELS, FactState

NATURE_LABELS = {
    "01": _("Déclaration mensuelle"),
    "04": _("Arrêt de travail"),
    "05": _("Reprise après un arrêt"),
    "07": _("Fin de contrat"),
    "08": _("Amorçage des données variables"),
    "09": _("DSN de substitution"),
    "10": _("Déclaration d'embauche"),
}
FACT_LABELS = {
    Radiation.name: _("Fin de contrat ou de couverture"),
    AffiliationSeen.name: _("Affiliation vue"),
    IdentityChanged.name: _("Changement d'identité"),
    EmploymentChanged.name: _("Changement de contrat de travail"),
    NobodyCovered.name: _("Contrat sans personne couverte"),
}
UNFINISHED: Mapping[str, tuple[str, str]] = {
    "waiting": (_("Reçue"), _("Elle attend son tour.")),
    "parked": (_("Mise de côté"), _("Elle n'a pas pu être appliquée : un conseiller la fera rejouer.")),
}
"""What came and is not applied: the label of its state, and why."""
QUEUED = {"waiting": "queued", "parked": "parked"}
"""The states of the inbox, told apart from those of facts."""


def latest(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of declarations, the latest first, each with its counts."""
    query = declarations.visible_declarations(work.actor)
    if asked["siret"]:
        query = query.where(DsnFact.siret == asked["siret"])
    if asked["month"]:
        query = query.where(DsnFact.month == asked["month"].replace(day=1))
    if asked["after"]:
        query = declarations.after(query, asked["after"])
    rows = work.session.scalars(query.limit(asked["limit"] + 1)).all()
    page = rows[: asked["limit"]]
    counted = _counted(work, page)
    return {"items": [_declaration(row, counted[_key(row)]) for row in page], "next": page[-1].id if len(rows) > len(page) else None}


def one(work: Work, declaration_id: uuid.UUID, asked: dict[str, Any]) -> dict[str, Any]:
    """One declaration with a page of its facts."""
    row = declarations.declaration(work, declaration_id)
    query = declarations.facts_in(work, _key(row), asked["state"], asked["after"])
    rows = work.session.execute(query.limit(asked["limit"] + 1)).all()
    page = rows[: asked["limit"]]
    after = page[-1][0].id if len(rows) > len(page) else None
    return {**_declaration(row, _counted(work, [row])[_key(row)]), "facts": [_fact(fact, outcome) for fact, outcome in page], "next": after}


def receipts(work: Work, fact_ids: Collection[uuid.UUID], sirens: Collection[str] | None) -> dict[str, Any]:
    """What became of the facts of a producer that declares for ``sirens``: nobody is named, and what is foreign is not known."""
    applied = [_applied(row) for row in declarations.judged(work, fact_ids, sirens)]
    came = (row for row in declarations.unfinished(work, fact_ids) if sirens is None or _siren(row.subject) in sirens)
    return {"items": [*applied, *(_judged(row.event_id, QUEUED[row.state], *UNFINISHED[row.state]) for row in came)]}


def _applied(row: Any) -> dict[str, Any]:
    return _judged(row.id, row.state, STATE_LABELS[FactState(row.state)], row.reason)


def _judged(fact_id: uuid.UUID, state: str, label: str, reason: str) -> dict[str, Any]:
    return {"id": fact_id, "state": state, "state_label": label, "reason": reason}


def _siren(subject: str) -> str:
    """``employment:SIRET/number`` or ``establishment:SIRET``."""
    return subject.partition(":")[2][:9]


def _key(row: DsnFact) -> declarations.Key:
    return row.siret, row.nature, row.rank_built_on, row.rank_number


def _counted(work: Work, rows: Sequence[DsnFact]) -> dict[declarations.Key, dict[str, int]]:
    counted: dict[declarations.Key, dict[str, int]] = {_key(row): {} for row in rows}
    for *key, state, number in declarations.counts(work, list(counted)) if counted else ():
        counted[tuple(key)][state] = number
    return counted


def _declaration(row: DsnFact, states: Mapping[str, int]) -> dict[str, Any]:
    told = events.decode(DeclarationTaken, row.told.encode(), str)
    received = sum(states.values())
    return {
        "id": row.id,
        "siret": row.siret,
        "nature": row.nature,
        "nature_label": NATURE_LABELS[row.nature],
        "type": row.type,
        "declaration": row.declaration,
        "month": row.month,
        "told_at": row.told_at,
        "individuals": told.individuals,
        "announced": told.facts,
        "missing": max(0, told.facts - received),
        "states": [{"state": state, "label": STATE_LABELS[state], "number": states[state]} for state in FactState if state in states],
    }


def _fact(row: DsnFact, outcome: DsnOutcome) -> dict[str, Any]:
    return {
        **_judged(row.id, outcome.state, STATE_LABELS[FactState(outcome.state)], outcome.reason),
        "name": row.name,
        "label": FACT_LABELS[row.name],
        **_said(row),
    }


def _said(row: DsnFact) -> dict[str, Any]:
    """Which employment a fact is about, as its payroll numbers it: a receipt names nobody."""
    fact = cast(Any, events.decode(events.CATALOGUE[row.name], row.told.encode(), str))
    if isinstance(fact, NobodyCovered):
        return {"contract_reference": fact.contract_reference}
    end = {"ended_on": fact.ended_on, "motive": fact.motive} if isinstance(fact, Radiation) else {}
    return {"employment_number": fact.employment.number, "employment_starts_on": fact.employment.starts_on, **end}
