"""Handing a member over to the brand's teleconsultation partner (S4:297-301): a link of two minutes that says nobody's name."""

import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from chassis.problems import NotFound
from services.members.access.rights import own_person_id
from services.members.access.services import held
from services.members.config import TELECONSULTATION, Teleconsultation, Work
from services.members.errors import ServiceClosed
from services.members.models import VAULT
from services.members.rules.services import verdict

LASTS = timedelta(minutes=2)
Sign = Callable[[bytes, Mapping[str, Any]], str]
"""The partner's key and the claims → a token that only that partner accepts."""


def hand_over(work: Work, sign: Sign) -> dict[str, Any]:
    """The link, and when it ends. Raises ``NotFound`` in a brand without teleconsultation, ``ServiceClosed``."""
    partner = work.brand.own.teleconsultation
    if partner is None:
        raise NotFound
    said = verdict(work.brand.own.services.offer(TELECONSULTATION), held(work), work.today)
    if not said.is_open:
        raise ServiceClosed(said.why)
    ends_at = work.now + LASTS
    token = sign(partner_key(partner.key), _claims(work, partner, int(ends_at.timestamp())))
    work.audit("teleconsultation.handed_over", work.actor.reference, partner=partner.key)
    return {"url": f"{partner.url}#jeton={token}", "partner": partner.name, "ends_at": ends_at}


def partner_key(partner: str) -> bytes:
    """The secret that we share with a partner: it comes from our own, which it does not tell."""
    return VAULT.fingerprint(f"teleconsultation-key:{partner}")


def _claims(work: Work, partner: Teleconsultation, ends_at: int) -> dict[str, Any]:
    """No name, no number: an alias of the person that this partner alone knows, and an id that it accepts once."""
    alias = VAULT.fingerprint(f"teleconsultation-alias:{partner.key}:{own_person_id(work.actor)}").hex()[:32]
    times = {"iat": int(work.now.timestamp()), "exp": ends_at}
    return {"iss": f"affilia:{work.brand_key}", "aud": partner.key, "sub": alias, "jti": str(uuid.uuid4()), **times}
