"""Missing from a month: an anomaly that people see, never a radiation. It opens once the whole month is taken and closes by itself."""

import uuid
from collections.abc import Collection

from services.members.access import anomalies, payroll
from services.members.config import Work
from services.members.rules.months import Span, whole_months


def review(work: Work, keys: Collection[bytes], spans: Collection[Span], people: Collection[uuid.UUID] | None = None) -> None:
    """Look again at some months of establishments, and at the anomalies of the people with some numbers."""
    taken = anomalies.taken(work, spans)
    whole = whole_months(taken, payroll.corrections(work, {siret for siret, _, _ in spans})) if taken else set()
    anomalies.open_missing(work, whole, people)
    seen = {(one.declaration.siret, one.declaration.month) for one in taken if one.declaration.month}
    if keys or seen:
        anomalies.close(work, keys, seen - whole)
