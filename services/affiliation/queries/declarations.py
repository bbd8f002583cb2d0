"""What may be declared, and what is said of declarations (S1:200-218)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from services.affiliation import access, rules
from services.affiliation.config import Work
from services.affiliation.errors import MOST_TOLD
from services.affiliation.models import Affiliation, Contract, Establishment
from services.affiliation.queries.follow_up import row
from services.affiliation.rules import Examined


def offers(work: Work, siret: str | None = None) -> list[dict[str, Any]]:
    """What one can affiliate to: for each company, its establishments and contracts. ``siret`` keeps one company, that of a paper form; a
    caseworker is offered nothing without it. Raises ``NotFound`` for a place that is not the actor's."""
    if work.actor.kind == "caseworker" and siret is None:
        return []
    asked = access.establishment(work, siret).siren if siret else None
    establishments = _of(work, asked, access.visible_establishments(work.actor), Establishment.siren)
    contracts = _of(work, asked, access.visible_contracts(work.actor), Contract.siren)
    return [
        {
            "siren": siren,
            "establishments": [one for one in establishments if one.siren == siren],
            "contracts": [one for one in contracts if one.siren == siren],
        }
        for siren in sorted({one.siren for one in [*establishments, *contracts]})
    ]


def _of(work: Work, siren: str | None, visible: Select[Any], column: InstrumentedAttribute[str]) -> Sequence[Any]:
    return work.session.scalars(visible.where(column == siren) if siren else visible).all()


def created(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """A new line, with what looks like a duplicate: said, not refused."""
    warnings = [
        {"affiliation_id": twin.id, "message": rules.twin_sentence(twin.contract_label, twin.status.label, twin.status_on)}
        for twin in access.twins(work, affiliation)
    ]
    return {**row(work, affiliation), "warnings": warnings}


def checked(examined: Examined) -> dict[str, Any]:
    """What is said of one declaration while it is typed."""
    return {"errors": [flaw for _line, flaw in examined.flaws], "warnings": [said for _line, said in examined.warnings]}


def report(examined: Examined, taken: int) -> dict[str, Any]:
    """What is said of a file, line by line: the first flaws, and how many more."""
    told = examined.flaws[:MOST_TOLD]
    return {
        "lines": examined.lines,
        "taken": taken,
        "errors": [{"line": line, **flaw} for line, flaw in told],
        "more": len(examined.flaws) - len(told),
        "warnings": [{"line": line, "message": said} for line, said in examined.warnings[:MOST_TOLD]],
    }
