"""Who may see or do what among employers: the only place where a select is born."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, false, func, select

from chassis.actor import Actor
from chassis.config import Brand
from chassis.problems import Forbidden, NotFound
from services.employers.config import EmployersBrand, Work
from services.employers.models import Account, ActivationRequest, ActivationTry, Company, Establishment, Habilitation
from services.employers.rules import PAIR_WINDOW, Tries

PLATFORM = "platform"
KEEPERS = ("handle", "administer")
"""The caseworkers' roles that keep the portfolio; ``read`` only looks at it."""


def brand(work: Work) -> Brand[EmployersBrand]:
    """The brand of this work. Raises :class:`NotFound` when the visitor comes through none."""
    found = work.brands.get(work.brand_key)
    if found is None:
        raise NotFound
    return found


def keeping_the_portfolio(actor: Actor) -> None:
    """Refuse whoever may not register companies."""
    if not actor.holds(PLATFORM, *KEEPERS):
        raise Forbidden


def visible_companies(actor: Actor) -> Select[Company]:
    """The companies in the actor's perimeter: all of them for a caseworker, those of her habilitations for an employer."""
    everyone = select(Company)
    if actor.kind == "caseworker":
        return everyone if actor.holds(PLATFORM) else everyone.where(false())
    return everyone.where(Company.siren.in_(list(actor.grants)))


def company(work: Work, siren: str) -> Company:
    """A company of the actor's perimeter. Raises :class:`NotFound`, whether it is foreign or missing."""
    found = work.session.scalar(visible_companies(work.actor).where(Company.siren == siren))
    if found is None:
        raise NotFound
    return found


def administered(work: Work, siren: str) -> Company:
    """A company whose habilitations the actor may read. Raises :class:`NotFound`, or :class:`Forbidden` for its mere users (S1:130-134)."""
    found = company(work, siren)
    if work.actor.kind == "employer" and not work.actor.holds(siren, "administrator"):
        raise Forbidden
    return found


def companies_after(work: Work, after: str | None, limit: int) -> Sequence[Company]:
    """A page of the perimeter, by SIREN."""
    page = visible_companies(work.actor).order_by(Company.siren).limit(limit)
    return work.session.scalars(page.where(Company.siren > after) if after else page).all()


def establishments_of(work: Work, sirens: Sequence[str]) -> Sequence[Establishment]:
    """The establishments of companies taken from the perimeter, by SIRET."""
    return work.session.scalars(select(Establishment).where(Establishment.siren.in_(sirens)).order_by(Establishment.siret)).all()


def live_habilitations(work: Work, of: Company) -> list[tuple[Habilitation, Account | None]]:
    """Who may act for a company, oldest first, with the name identity told."""
    asked = select(Habilitation, Account).outerjoin(Account, Account.id == Habilitation.account_id)
    live = asked.where(Habilitation.siren == of.siren, Habilitation.revoked_at.is_(None)).order_by(Habilitation.id)
    return [(habilitation, account) for habilitation, account in work.session.execute(live)]


# -- what only the platform itself looks at, under the ``system`` actor ---------------------------------------------------------------


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


def live_habilitation(work: Work, account_id: UUID, siren: str) -> Habilitation | None:
    """What an account holds on a company now."""
    live = Habilitation.revoked_at.is_(None)
    return work.session.scalar(select(Habilitation).where(Habilitation.account_id == account_id, Habilitation.siren == siren, live))


def forget_before(work: Work, requests_before: datetime, tries_before: datetime) -> None:
    """Delete the activation requests and tries that are older."""
    work.session.execute(delete(ActivationRequest).where(ActivationRequest.asked_at < requests_before))
    work.session.execute(delete(ActivationTry).where(ActivationTry.tried_at < tries_before))
