"""Activation, as the platform itself looks at it under the ``system`` actor: nobody else sees who asked for what, but for one's own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from services.employers.config import Work
from services.employers.models import ActivationRequest, ActivationTry, Company, Establishment
from services.employers.rules import PAIR_WINDOW, Tries

SIREN_LENGTH = 9
OWN_REQUESTS = 50
WRONG = ActivationRequest.state == "wrong"


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


def company_of_number(work: Work, number: str, brand_key: str) -> Company | None:
    """The company of a registered establishment (SIRET), or of its own number (SIREN), within its brand."""
    of = select(Company).where(Company.brand == brand_key)
    if len(number) == SIREN_LENGTH:
        return work.session.scalar(of.where(Company.siren == number))
    return work.session.scalar(of.join(Establishment, Establishment.siren == Company.siren).where(Establishment.siret == number))


def tries_on(work: Work, siren: str, asked_by: UUID | None) -> Tries:
    """What a company and its asker have seen in 24 h, whichever of its numbers were typed. Requests on it wait for one another."""
    work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"siren:{siren}", 0))))
    wrong, codes = func.count().filter(WRONG), func.count().filter(ActivationRequest.state.in_(("asked", "used")))
    lately = ActivationRequest.asked_at > work.now - PAIR_WINDOW
    on_it = ActivationRequest.siret.between(siren, siren + "99999")
    number, sent = work.session.execute(select(wrong, codes).where(on_it, lately)).one()
    own = select(func.count()).where(ActivationRequest.asked_by == asked_by, WRONG, lately)
    return Tries(wrong=number, codes=sent, own=work.session.scalar(own) or 0 if asked_by else 0)


def own_requests(work: Work) -> Sequence[ActivationRequest]:
    """What the actor asked for, the latest first; the database shows her no other."""
    mine = select(ActivationRequest).where(ActivationRequest.asked_by == work.actor.account_id)
    return work.session.scalars(mine.order_by(ActivationRequest.id.desc()).limit(OWN_REQUESTS)).all()


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
