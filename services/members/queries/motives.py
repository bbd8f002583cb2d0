"""The table of motives as a brand reads it: code, label, class in words, what follows."""

from typing import Any

from services.members.config import Work
from services.members.rules.motives import Motive
from services.members.rules.motives import motives as platform_motives


def motives(work: Work) -> dict[str, Any]:
    """Every code, with whether the brand says otherwise than the platform."""
    platform = platform_motives()
    return {"items": [_motive(code, why, platform[code]) for code, why in sorted(work.brand.own.motive_table.items())]}


def _motive(code: str, why: Motive, platform: Motive) -> dict[str, Any]:
    return {
        "code": code,
        "label": why.label,
        "outcome": why.outcome,
        "outcome_label": why.outcome_label,
        "follows": why.follows,
        "adjusted": why != platform,
    }
