"""Décomptes and their lines: what waits for somebody, in bulk; and what a member reads of her own."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, LargeBinary, Row, Select, any_, bindparam, func, select, tuple_

from chassis.problems import NotFound
from services.members.access.rights import own_person_id
from services.members.config import Work
from services.members.models import Contract, Dependent, Person, PersonKey, Reimbursement, Rights, Statement
from services.members.rules.reimbursements import Patient, StatementState, Synthesis, same_insurer, twelve_months

Q = TypeVar("Q", bound=Select[*tuple[Any, ...]])
CoverRow = Row[bytes, Rights, Person, Contract]
TO = {"member": "to_member", "third_party": "to_third_parties"}
"""Which part of the synthesis a payment belongs to."""


@dataclass(frozen=True)
class Cover:
    """One row of rights of somebody, under a contract that is known, with all whom it covers."""

    rights: Rights
    person: Person
    contract: Contract
    patients: tuple[Patient, ...]

    def holds(self, day: date, amc_number: str) -> bool:
        """Whether care of a day falls under it, the insurer being the one that the fund told."""
        guaranteed = self.rights.covers(day) and self.contract.starts_on <= day
        return guaranteed and same_insurer(amc_number, self.contract.amc_number)


def waiting(work: Work, keys: Collection[bytes]) -> Sequence[Statement]:
    """The décomptes with unsettled lines that some numbers name, locked in id order."""
    query = select(Statement).where(Statement.state == StatementState.WAITING, Statement.person_key == _any(keys))
    return work.session.scalars(query.order_by(Statement.id).with_for_update()).all()


def settled_lines(work: Work, statement_ids: Collection[uuid.UUID]) -> set[tuple[uuid.UUID, int]]:
    """The lines of some décomptes that are settled already."""
    query = select(Reimbursement.statement_id, Reimbursement.number).where(Reimbursement.statement_id.in_(statement_ids))
    return {(statement_id, number) for statement_id, number in work.session.execute(query)}


def covers(work: Work, keys: Collection[bytes]) -> dict[bytes, list[Cover]]:
    """All that covers or covered the people that numbers name, by number, the latest first."""
    rows = work.session.execute(_covers().where(PersonKey.fingerprint == _any(keys))).all()
    of = _by_rights(work.session.scalars(select(Dependent).where(Dependent.rights_id.in_({row[1].id for row in rows}))))
    found: dict[bytes, list[Cover]] = {}
    for key, rights, person, contract in rows:
        family = (_patient(0, person), *(_patient(one.rank, one) for one in of.get(rights.id, ())))
        found.setdefault(bytes(key), []).append(Cover(rights, person, contract, family))
    return found


def named(work: Work, keys: Collection[bytes]) -> set[bytes]:
    """Those of some numbers that name somebody."""
    return {bytes(key) for key in work.session.scalars(select(PersonKey.fingerprint).where(PersonKey.fingerprint == _any(keys)))}


def own(work: Work) -> Select[Reimbursement]:
    """The lines of the member who asks."""
    return select(Reimbursement).where(*_hers(work, Reimbursement))


def one(work: Work, reimbursement_id: uuid.UUID) -> Reimbursement:
    """One of her lines. Raises ``NotFound``."""
    found = work.session.scalar(own(work).where(Reimbursement.id == reimbursement_id))
    if found is None:
        raise NotFound
    return found


def narrowed(query: Q, *, since: date | None, until: date | None, beneficiary: uuid.UUID | None) -> Q:
    """Lines narrowed by what the screen offers: days of care, first and last included, and the patient (S4:130)."""
    if since:
        query = query.where(Reimbursement.care_on >= since)
    if until:
        query = query.where(Reimbursement.care_on <= until)
    return query.where(Reimbursement.beneficiary_id == beneficiary) if beneficiary else query


def latest_first(query: Q, *, after: uuid.UUID | None = None) -> Q:
    """The lines paid last first, from the one that follows ``after``."""
    if after:
        place = select(Reimbursement.paid_on, Reimbursement.id).where(Reimbursement.id == after)
        query = query.where(tuple_(Reimbursement.paid_on, Reimbursement.id) < place.correlate(None).scalar_subquery())
    return query.order_by(Reimbursement.paid_on.desc(), Reimbursement.id.desc())


def synthesis(work: Work) -> Synthesis:
    """What was paid to the member and to third parties over the last twelve months (S3:145-147)."""
    since = twelve_months(work.today)
    paid = func.coalesce(func.sum(Reimbursement.complementary), 0)
    query = select(Reimbursement.paid_to, paid).where(*_hers(work, Reimbursement), Reimbursement.paid_on.between(since, work.today))
    return Synthesis(
        since, work.today, **{TO[kind]: amount for kind, amount in work.session.execute(query.group_by(Reimbursement.paid_to))}
    )


def statements(work: Work) -> Select[Statement]:
    """The settled décomptes of the member who asks."""
    return select(Statement).where(*_hers(work, Statement), Statement.state == StatementState.SETTLED)


def latest_statements(
    work: Work, *, after: uuid.UUID | None, since: date | None, until: date | None, beneficiary: uuid.UUID | None
) -> Select[Statement]:
    """Her décomptes with a line that the screen asks for, the latest first, from the one that follows ``after``."""
    lines = narrowed(own(work), since=since, until=until, beneficiary=beneficiary).where(Reimbursement.statement_id == Statement.id)
    query = statements(work).where(lines.exists())
    if after:
        place = select(Statement.issued_on, Statement.id).where(Statement.id == after)
        query = query.where(tuple_(Statement.issued_on, Statement.id) < place.correlate(None).scalar_subquery())
    return query.order_by(Statement.issued_on.desc(), Statement.id.desc())


def statement(work: Work, statement_id: uuid.UUID) -> Statement:
    """One of them. Raises ``NotFound``."""
    found = work.session.scalar(statements(work).where(Statement.id == statement_id))
    if found is None:
        raise NotFound
    return found


def statement_of(work: Work, row: Reimbursement) -> Statement:
    """The décompte of a line, whether its other lines are settled or not."""
    return work.session.scalars(select(Statement).where(Statement.id == row.statement_id)).one()


def lines_of(work: Work, statement_ids: Collection[uuid.UUID]) -> Sequence[Reimbursement]:
    """The lines of some décomptes of hers, in their order."""
    query = own(work).where(Reimbursement.statement_id.in_(statement_ids))
    return work.session.scalars(query.order_by(Reimbursement.statement_id, Reimbursement.number)).all()


def of_person(work: Work, person_id: uuid.UUID) -> Sequence[Reimbursement]:
    """All the lines of somebody, for the copy of her data."""
    query = select(Reimbursement).where(Reimbursement.person_id == person_id)
    return work.session.scalars(query.order_by(Reimbursement.paid_on, Reimbursement.id)).all()


def _covers() -> Select[bytes, Rights, Person, Contract]:
    under = (Contract.brand == Rights.brand) & (Contract.siren == Rights.siren) & (Contract.reference == Rights.contract_reference)
    query = select(PersonKey.fingerprint, Rights, Person, Contract).join(Person, Person.id == PersonKey.person_id)
    return query.join(Rights, Rights.person_id == Person.id).join(Contract, under).order_by(Rights.starts_on.desc(), Rights.id)


def _hers(work: Work, table: type[Reimbursement] | type[Statement]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.person_id == own_person_id(work.actor), table.brand == work.actor.brand


def _patient(rank: int, row: Person | Dependent) -> Patient:
    return Patient(rank, row.first_name, row.last_name, row.birth_on)


def _by_rights(rows: Iterable[Dependent]) -> Mapping[uuid.UUID, list[Dependent]]:
    grouped: dict[uuid.UUID, list[Dependent]] = {}
    for row in rows:
        grouped.setdefault(row.rights_id, []).append(row)
    return grouped


def _any(keys: Collection[bytes]) -> Any:
    """``= ANY(array)``: one parameter, however many numbers."""
    return any_(bindparam(None, list(keys), type_=ARRAY(LargeBinary)))
