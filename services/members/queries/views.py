"""How rights are shown, the same on every screen."""

import uuid
from datetime import date
from typing import Any

from chassis import openings
from chassis.labels import _
from services.members.access.rights import Line
from services.members.config import Work
from services.members.lifecycle import LABELS, MOVE_LABELS, Move, Status
from services.members.models import Dependent, Movement, Rights
from services.members.rules.motives import Motives, motive

KINSHIP = {"spouse": _("Conjoint"), "child": _("Enfant"), "other": _("Autre ayant droit")}


def looked(work: Work, person_id: uuid.UUID, rights_id: uuid.UUID, siren: str) -> None:
    """Leave the line by which a person learns that somebody looked at her rights."""
    work.audit("employee.seen", f"person:{person_id}", rights=str(rights_id), role=openings.role(work.actor, siren), sirens=[siren])


def standing(rights: Rights | Movement, table: Motives) -> dict[str, Any]:
    """Where rights stand or stood: the status and its label, the last covered day, why, and the portability offered. ``table`` is what
    motives are called in the brand."""
    return {
        "status": rights.status,
        "status_label": LABELS[Status(rights.status)],
        "ends_on": rights.ends_on,
        "reason": rights.reason,
        "motive": {"code": rights.motive, "label": motive(rights.motive, table).label} if rights.motive else None,
        "portability": portability(rights.portability_months, rights.portability_ends_on, getattr(rights, "entitlement", None)),
    }


def portability(months: int | None, ends_on: date | None, entitlement: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """The portability offered, and how its length was counted where that is known."""
    if not months:
        return None
    return {"months": months, "ends_on": ends_on, **({"counted": _counted(entitlement)} if entitlement else {})}


def _counted(entitlement: dict[str, Any]) -> dict[str, Any]:
    """The days as dates. Why it may be shorter is not told: it is the person's own affair."""
    contracts = [{name: date.fromisoformat(day) for name, day in contract.items()} for contract in entitlement["contracts"]]
    counted = {name: entitlement[name] for name in ("months_employed", "seniority_months", "capped")}
    return {**counted, "by": entitlement["counted"], "contracts": contracts, "starts_on": date.fromisoformat(entitlement["starts_on"])}


def covers(row: Any, day: date) -> bool:
    """Whether rights, or a row that reads them, cover a day."""
    return bool(row.starts_on <= day and (row.ends_on is None or day <= row.ends_on))


def dependent(row: Dependent) -> dict[str, Any]:
    """An ayant droit as an employer sees one (S1:292-295): who, and what to the insured person; never a birth date, never a number."""
    told = {"kinship": row.kinship, "kinship_label": KINSHIP[row.kinship]}
    return told | {"first_name": row.first_name, "last_name": row.last_name}


def place(line: Line) -> dict[str, Any]:
    """Where and under what: the names, or the numbers while nobody told the names."""
    rights, _, contract, establishment = line
    return {
        "rights_id": rights.id,
        "establishment": {"siret": rights.siret, "name": establishment.name if establishment else rights.siret},
        "contract_reference": rights.contract_reference,
        "contract_label": contract.label if contract else rights.contract_reference,
        "professional_status": rights.professional_status,
        "starts_on": rights.starts_on,
    }


def movement(line: Movement, table: Motives) -> dict[str, Any]:
    """One line of the history."""
    return {"at": line.at, "move": line.move, "move_label": MOVE_LABELS[Move(line.move)], **standing(line, table)}
