"""The values that the filters of « Mes salariés affiliés » may take: those that exist in the actor's perimeter."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, func, select

from services.members.config import Work
from services.members.models import Company, Contract, Establishment, Rights

MOST_CHOICES = 1_000


def companies(work: Work, sirens: Collection[str]) -> Sequence[Row[str, str]]:
    """The companies that have, or had, somebody insured: SIREN and name."""
    query = (
        select(Rights.siren, func.coalesce(Company.name, Rights.siren).label("label"))
        .outerjoin(Company, and_(Company.brand == Rights.brand, Company.siren == Rights.siren))
        .where(*_mine(work, sirens))
        .distinct()
    )
    return work.session.execute(query.order_by("label", Rights.siren).limit(MOST_CHOICES + 1)).all()


def establishments(work: Work, sirens: Collection[str]) -> Sequence[Row[str, str]]:
    """The establishments where somebody is or was insured: SIRET and name."""
    query = (
        select(Rights.siret, func.coalesce(Establishment.name, Rights.siret).label("label"))
        .outerjoin(Establishment, and_(Establishment.brand == Rights.brand, Establishment.siret == Rights.siret))
        .where(*_mine(work, sirens))
        .distinct()
    )
    return work.session.execute(query.order_by("label", Rights.siret).limit(MOST_CHOICES + 1)).all()


def contracts(work: Work, sirens: Collection[str]) -> Sequence[Row[str, str]]:
    """The contracts that cover or covered somebody: reference and label; a reference that several companies use has one label."""
    told = and_(Contract.brand == Rights.brand, Contract.siren == Rights.siren, Contract.reference == Rights.contract_reference)
    query = (
        select(Rights.contract_reference, func.min(func.coalesce(Contract.label, Rights.contract_reference)).label("label"))
        .outerjoin(Contract, told)
        .where(*_mine(work, sirens))
        .group_by(Rights.contract_reference)
    )
    return work.session.execute(query.order_by("label", Rights.contract_reference).limit(MOST_CHOICES + 1)).all()


def professional_statuses(work: Work, sirens: Collection[str]) -> Sequence[str]:
    """The professional statuses found."""
    query = select(Rights.professional_status).where(*_mine(work, sirens)).distinct()
    return work.session.scalars(query.order_by(Rights.professional_status).limit(MOST_CHOICES + 1)).all()


def named(work: Work, sirens: Collection[str], name: str) -> tuple[str, ...]:
    """The establishments of some companies that bear a name; one that nobody named is called by its SIRET."""
    query = select(Establishment.siret).where(
        Establishment.siren.in_(sirens), Establishment.brand == work.brand_key, Establishment.name == name
    )
    return (*work.session.scalars(query), name)


def _mine(work: Work, sirens: Collection[str]) -> tuple[Any, ...]:
    return Rights.siren.in_(sirens), Rights.brand == work.brand_key
