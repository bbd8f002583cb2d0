"""Activation, as the platform itself looks at it under the ``system`` actor: nobody else sees who asked for what."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from services.employers.config import Work
from services.employers.models import ActivationRequest, ActivationTry, Company, Establishment
from services.employers.rules import PAIR_WINDOW, Tries


def tries_since(work: Work, network: bytes, since: datetime) -> tuple[int, datetime | None]:
    """How often a network tried, and when first. Its other tries wait until this work ends: nobody slips between count and insert."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(network.hex(), 0))))
    asked = select(func.count(), func.min(ActivationTry.tried_at)).where(ActivationTry.network == network, ActivationTry.tried_at > since)
    number, first = work.session.execute(asked).one()
    return number, first


def next_waiting(work: Work) -> ActivationRequest | None:
    """The oldest request nobody has resolved, locked."""
    waiting = select(ActivationRequest).where(ActivationRequest.state == "waiting").order_by(ActivationRequest.id)
    return work.session.scalar(waiting.limit(1).with_for_update(skip_locked=True))


def company_of_establishment(work: Work, siret: str, brand_key: str) -> Company | None:
    """The company of a registered establishment, within its brand."""
    of = select(Company).join(Establishment, Establishment.siren == Company.siren)
    return work.session.scalar(of.where(Establishment.siret == siret, Company.brand == brand_key))


def tries_on(work: Work, siret: str) -> Tries:
    """What a SIRET has seen in 24 h. Requests on it wait for one another."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"siret:{siret}", 0))))
    states = func.count().filter(ActivationRequest.state == "wrong"), func.count().filter(ActivationRequest.state.in_(("asked", "used")))
    since = work.now - PAIR_WINDOW
    wrong, codes = work.session.execute(select(*states).where(ActivationRequest.siret == siret, ActivationRequest.asked_at > since)).one()
    return Tries(wrong=wrong, codes=codes)


def request_in_progress(work: Work, activation_id: UUID, siren: str) -> ActivationRequest | None:
    """The request of ours that identity says was proven, if its code was asked for that company."""
    asked = select(ActivationRequest).where(ActivationRequest.id == activation_id, ActivationRequest.state.in_(("asked", "used")))
    found = work.session.scalar(asked.with_for_update())
    return found if found is not None and found.siren == siren else None


def company_to_activate(work: Work, siren: str) -> Company:
    """The company, locked until this work ends."""
    return work.session.scalars(select(Company).where(Company.siren == siren).with_for_update()).one()


def forget_before(work: Work, requests_before: datetime, tries_before: datetime) -> None:
    """Delete the activation requests and tries that are older."""
    work.session.execute(delete(ActivationRequest).where(ActivationRequest.asked_at < requests_before))
    work.session.execute(delete(ActivationTry).where(ActivationTry.tried_at < tries_before))
