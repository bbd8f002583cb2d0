"""« Mes services »: the brand's catalogue, and what of it the member's contracts open (S0:313-320, S3:220-227, S4:295-318)."""

from typing import Any

from services.members.access.services import held
from services.members.config import Work
from services.members.rules.services import Offer, Verdict, verdict


def catalogue(work: Work) -> dict[str, Any]:
    """Every family with its services: open and by which contract, or why not."""
    services, rights = work.brand.own.services, held(work)
    told = [(offer.family, _line(offer, verdict(offer, rights, work.today))) for offer in services.offers]
    families = [
        {"key": family.key, "label": family.label, "services": [line for key, line in told if key == family.key]}
        for family in services.families
    ]
    return {"title": services.title, "families": families}


def _line(offer: Offer, said: Verdict) -> dict[str, Any]:
    shown = {"key": offer.key, "label": offer.label, "text": offer.text, "action": offer.action or None}
    return shown | {"open": said.is_open, "contract_label": said.contract_label, "why": said.why}
