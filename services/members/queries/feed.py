"""The caseworker's screen of the feed: what payrolls told, what became of it and why."""

import uuid
from typing import Any, cast

import events
from events.dsn import DeclarationTaken, NobodyCovered, Radiation
from events.fact import opened
from identifiers import nir
from services.members.access import payroll
from services.members.config import Work
from services.members.models import DsnFact, DsnOutcome
from services.members.rules.facts import STATE_LABELS, UNJOINED, UNNUMBERED, FactState


def facts(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of facts, the latest first; ``after`` is the id of the last one seen."""
    query = payroll.visible_facts(work.actor, asked["state"], asked["after"]).limit(asked["limit"] + 1)
    rows = work.session.execute(query).all()
    page = rows[: asked["limit"]]
    return {"items": [_fact(row, outcome) for row, outcome in page], "next": page[-1][0].id if len(rows) > len(page) else None}


def waiting(work: Work, *, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    """What the payrolls of the employer's companies told of people whom no affiliation joins yet: the latest fact of each. The reason is
    the same whether or not such a person is known elsewhere."""
    rows = work.session.scalars(payroll.waiting_people(work.actor, after).limit(limit + 1)).all()
    page = rows[:limit]
    return {"items": [_waiting(row) for row in page], "next": page[-1].id if len(rows) > limit else None}


def _waiting(row: DsnFact) -> dict[str, Any]:
    said = _said(row)
    return {
        "id": row.id,
        "siret": row.siret,
        "declaration": row.declaration,
        "told_at": row.told_at,
        "reason": UNJOINED if said["nir_masked"] else UNNUMBERED,
        **said,
    }


def _fact(row: DsnFact, outcome: DsnOutcome) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "siret": row.siret,
        "nature": row.nature,
        "type": row.type,
        "declaration": row.declaration,
        "told_at": row.told_at,
        "state": outcome.state,
        "state_label": STATE_LABELS[FactState(outcome.state)],
        "reason": outcome.reason,
        **_said(row),
    }


def _said(row: DsnFact) -> dict[str, Any]:
    """Whom and what the fact is about, as far as a caseworker needs to find the person."""
    fact = cast(Any, events.decode(events.CATALOGUE[row.name], row.told.encode(), str))
    if isinstance(fact, NobodyCovered | DeclarationTaken):
        return {}
    employment = fact.employment
    end = {"ended_on": fact.ended_on, "motive": fact.motive} if isinstance(fact, Radiation) else {}
    return {
        "last_name": employment.last_name.value,
        "first_name": employment.first_name.value,
        "nir_masked": nir.masked(number) if (number := opened(employment.nir)) else None,
        "employment_number": employment.number,
        "employment_starts_on": employment.starts_on,
        **end,
    }
