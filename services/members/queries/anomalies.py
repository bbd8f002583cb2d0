"""Whom a month forgot, for the employer and the caseworker."""

import uuid
from typing import Any

from services.members.access import anomalies as access
from services.members.config import Work
from services.members.rules import months


def anomalies(work: Work, *, state: str, after: uuid.UUID | None, limit: int) -> dict[str, Any]:
    """A page of anomalies, the latest month first."""
    lines = access.lines(work, closed=state == "closed", after=after, limit=limit + 1)
    page = lines[:limit]
    return {"items": [_line(*line) for line in page], "next": page[-1][0].id if len(lines) > limit else None}


def _line(anomaly: Any, place: str, last_name: str, first_name: str) -> dict[str, Any]:
    return {
        "id": anomaly.id,
        "rights_id": anomaly.rights_id,
        "establishment": {"siret": anomaly.siret, "name": place},
        "last_name": last_name,
        "first_name": first_name,
        "month": anomaly.month,
        "reason": months.missing(anomaly.month),
        "opened_at": anomaly.opened_at,
        "closed_at": anomaly.closed_at,
    }
