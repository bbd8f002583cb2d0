"""The caseworker's screen of the feed: what payrolls told, what became of it and why."""

from typing import Any, cast

import events
from events.dsn import DeclarationTaken, NobodyCovered, Radiation
from events.fact import opened
from identifiers import nir
from services.members.access import payroll
from services.members.config import Work
from services.members.models import DsnFact, DsnOutcome
from services.members.rules.facts import STATE_LABELS, FactState


def facts(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of facts, the latest first; ``after`` is the id of the last one seen."""
    query = payroll.visible_facts(work.actor, asked["state"], asked["after"]).limit(asked["limit"] + 1)
    rows = work.session.execute(query).all()
    page = rows[: asked["limit"]]
    return {"items": [_fact(row, outcome) for row, outcome in page], "next": page[-1][0].id if len(rows) > len(page) else None}


def _fact(row: DsnFact, outcome: DsnOutcome) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "siret": row.siret,
        "nature": row.nature,
        "type": row.type,
        "declaration": f"{row.rank_built_on:%d%m%Y}{row.rank_number}",
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
