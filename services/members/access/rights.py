"""Rights, the people they cover and the contracts they are under, from the actor's perimeter."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Row, Select, and_, false, or_, select, true, tuple_

from chassis.actor import Actor
from chassis.problems import Forbidden, NotFound
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.models import Contract, Dependent, Establishment, Movement, Person, Rights

PERSON = "person:"
PLATFORM = "platform"
HANDLING = ("handle", "administer")

ContractKey = tuple[str, str, str]
"""Brand, SIREN and reference."""
Lines = Select[Rights, Person, Contract | None, Establishment | None]
Line = Row[Rights, Person, Contract | None, Establishment | None]
"""A row of rights with whose they are, under what and where; a contract or a place not told yet is ``None``."""


def own_person_id(actor: Actor) -> uuid.UUID:
    """The person a member stands for. Raises ``NotFound``."""
    try:
        return uuid.UUID(actor.reference.removeprefix(PERSON))
    except ValueError as error:
        raise NotFound from error


def must_handle(work: Work) -> None:
    """Only a caseworker who handles may write, in a brand of ours. Raises ``Forbidden``."""
    if not work.actor.holds(PLATFORM, *HANDLING) or work.brand_key not in work.brands:
        raise Forbidden


def visible_lines(actor: Actor) -> Lines:
    """Rights in the actor's perimeter: her companies' for an employer, his own for a member, all for a caseworker."""
    lines = (
        select(Rights, Person, Contract, Establishment)
        .join(Person, Person.id == Rights.person_id)
        .outerjoin(Contract, _of_contract())
        .outerjoin(Establishment, and_(Establishment.brand == Rights.brand, Establishment.siret == Rights.siret))
        .where(_perimeter(actor))
    )
    return cast(Lines, lines)


def line(work: Work, rights_id: uuid.UUID, *columns: Any) -> Row[Any]:
    """These columns of one row of rights the actor may see. Raises ``NotFound``."""
    found = work.session.execute(only(visible_lines(work.actor).where(Rights.id == rights_id), *columns)).one_or_none()
    if found is None:
        raise NotFound
    return found


def latest_first(query: Lines) -> Lines:
    """The rights that began last first."""
    return query.order_by(Rights.starts_on.desc(), Rights.id)


def only(query: Lines, *columns: Any) -> Select[Any]:
    """The same rows, these columns alone: what a long list does not show is not read, nor opened."""
    return query.with_only_columns(*columns, maintain_column_froms=True)


def movements(work: Work, rights_id: uuid.UUID) -> Sequence[Movement]:
    """The history of rights, in its order."""
    return work.session.scalars(select(Movement).where(Movement.rights_id == rights_id).order_by(Movement.id)).all()


def dependents(work: Work, rights_ids: Collection[uuid.UUID]) -> Sequence[Dependent]:
    """The ayants droit covered by these rights, in the order of the form."""
    return work.session.scalars(
        select(Dependent).where(Dependent.rights_id.in_(rights_ids)).order_by(Dependent.rights_id, Dependent.rank)
    ).all()


def person(work: Work, person_id: uuid.UUID) -> Person:
    """One person the actor may see. Raises ``NotFound``."""
    found = work.session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def person_of_reference(work: Work, reference: str) -> Person | None:
    """The person that an account stands for; ``None`` for what is no person, or not known here."""
    kind, _colon, person_id = reference.partition(":")
    return work.session.get(Person, uuid.UUID(person_id)) if kind == "person" else None


def has_running_rights(work: Work, person: Person) -> bool:
    """Whether anything covers a person today or later."""
    running = Rights.person_id == person.id, Rights.status != Status.ENDED
    return work.session.scalar(select(Rights.id).where(*running).limit(1)) is not None


def opened_for(work: Work, affiliation_ids: Collection[uuid.UUID], person_ids: Collection[uuid.UUID]) -> Sequence[Rights]:
    """The rights that some affiliations opened, and all those of some people."""
    return work.session.scalars(select(Rights).where(Rights.affiliation_id.in_(affiliation_ids) | Rights.person_id.in_(person_ids))).all()


def contract_labels(work: Work, keys: Collection[ContractKey]) -> dict[ContractKey, str]:
    """What contracts are called, as far as they were told."""
    key = (Contract.brand, Contract.siren, Contract.reference)
    found = work.session.execute(select(*key, Contract.label).where(tuple_(*key).in_(keys)))
    return {(brand, siren, reference): label for brand, siren, reference, label in found}


def guaranteed_on(work: Work, keys: Collection[ContractKey]) -> dict[ContractKey, date]:
    """The first day of contracts, as far as they were told."""
    key = (Contract.brand, Contract.siren, Contract.reference)
    found = work.session.execute(select(*key, Contract.starts_on).where(tuple_(*key).in_(keys)))
    return {(brand, siren, reference): starts_on for brand, siren, reference, starts_on in found}


def contract(work: Work, siren: str, reference: str) -> Contract | None:
    """A company's contract in the brand of this work."""
    query = select(Contract).where(Contract.brand == work.brand_key, Contract.siren == siren, Contract.reference == reference)
    return work.session.scalar(query)


def of_people(work: Work, person_ids: Collection[uuid.UUID]) -> Sequence[Rights]:
    """All rights of some people, their rows locked in id order."""
    query = select(Rights).where(Rights.person_id.in_(person_ids)).order_by(Rights.id).with_for_update()
    return work.session.scalars(query.execution_options(populate_existing=True)).all()


def over(work: Work, most: int) -> Sequence[Rights]:
    """Portabilities whose last day has passed."""
    query = select(Rights).where(Rights.status == Status.PORTABILITY, Rights.portability_ends_on < work.today)
    return work.session.scalars(query.order_by(Rights.id).limit(most)).all()


def unproved(work: Work, most: int) -> Sequence[Rights]:
    """Portabilities that run and whose next proof is due, but was not asked for yet."""
    due = Rights.status == Status.PORTABILITY, Rights.proof_due_on <= work.today, Rights.reminded_on.is_(None)
    running = Rights.proof_due_on <= Rights.portability_ends_on, Rights.portability_ends_on >= work.today
    return work.session.scalars(select(Rights).where(*due, *running).order_by(Rights.id).limit(most)).all()


def late(work: Work, delays: Mapping[str, timedelta], most: int) -> Sequence[Rights]:
    """Portabilities that run, whose proof was asked for longer ago than the delay of their brand."""
    past = or_(false(), *(and_(Rights.brand == brand, Rights.reminded_on < work.today - delay) for brand, delay in delays.items()))
    query = select(Rights).where(Rights.status == Status.PORTABILITY, Rights.portability_ends_on >= work.today, past)
    return work.session.scalars(query.order_by(Rights.id).limit(most)).all()


def _of_contract() -> ColumnElement[bool]:
    return and_(Contract.brand == Rights.brand, Contract.siren == Rights.siren, Contract.reference == Rights.contract_reference)


def _perimeter(actor: Actor) -> ColumnElement[bool]:
    match actor.kind:
        case "employer":
            return and_(Rights.siren.in_(actor.grants), Rights.brand == actor.brand)
        case "member":
            return and_(Rights.person_id == own_person_id(actor), Rights.brand == actor.brand)
        case "caseworker":
            return true() if actor.holds(PLATFORM) else false()
        case "system":
            return true()
    return false()
