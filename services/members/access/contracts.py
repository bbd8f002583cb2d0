"""Companies' contracts, from the employer's perimeter."""

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Row, Select, and_, false, func, or_, select, tuple_

from chassis.actor import Actor
from chassis.problems import NotFound
from services.members.config import Work
from services.members.models import Company, Contract, Dependent, Establishment, Rights

ContractLine = Row[Contract, Company | None]
"""A contract and its company, ``None`` while employers did not tell it."""
Key = tuple[str, str]
"""SIREN and reference."""


def visible_contracts(actor: Actor) -> Select[Contract, Company | None]:
    """The contracts of the companies that an employer acts for, with their companies."""
    named = and_(Company.brand == Contract.brand, Company.siren == Contract.siren)
    return select(Contract, Company).outerjoin(Company, named).where(_perimeter(actor))


def page(work: Work, siren: str | None, after: uuid.UUID | None, limit: int) -> Sequence[ContractLine]:
    """The contracts by company and reference, from the one that follows ``after``."""
    query = visible_contracts(work.actor)
    if siren:
        query = query.where(Contract.siren == siren)
    if after:
        place = select(Contract.siren, Contract.reference).where(Contract.id == after, _perimeter(work.actor))
        query = query.where(tuple_(Contract.siren, Contract.reference) > place.correlate(None).scalar_subquery())
    return work.session.execute(query.order_by(Contract.siren, Contract.reference).limit(limit)).all()


def line(work: Work, contract_id: uuid.UUID) -> ContractLine:
    """One contract the actor may see. Raises ``NotFound``."""
    found = work.session.execute(visible_contracts(work.actor).where(Contract.id == contract_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def places(work: Work, contracts: Collection[Contract]) -> Sequence[Establishment]:
    """The establishments of the companies of some contracts."""
    sirens = {contract.siren for contract in contracts}
    query = select(Establishment).where(Establishment.siren.in_(sirens), Establishment.brand == work.brand_key)
    return work.session.scalars(query.order_by(Establishment.siret)).all()


def covered(work: Work, keys: Collection[Key]) -> dict[Key, tuple[int, int]]:
    """How many insured people and how many dependents some contracts cover today."""
    key = (Rights.siren, Rights.contract_reference)
    today = Rights.starts_on <= work.today, or_(Rights.ends_on.is_(None), Rights.ends_on >= work.today)
    insured = (
        select(*key, func.count(Rights.person_id.distinct()).label("insured"))
        .where(Rights.siren.in_({siren for siren, _ in keys}), Rights.brand == work.brand_key, tuple_(*key).in_(keys), *today)
        .group_by(*key)
    )
    family = insured.with_only_columns(*key, func.count().label("dependents")).join(Dependent, Dependent.rights_id == Rights.id)
    dependents = {(row[0], row[1]): row.dependents for row in work.session.execute(family)}
    return {(row[0], row[1]): (row.insured, dependents.get((row[0], row[1]), 0)) for row in work.session.execute(insured)}


def _perimeter(actor: Actor) -> ColumnElement[bool]:
    if actor.kind != "employer":
        return false()
    return and_(Contract.siren.in_(actor.grants), Contract.brand == actor.brand)
