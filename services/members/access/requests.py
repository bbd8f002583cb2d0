"""Declared portabilities, with the rights they are about and their documents, from the actor's perimeter."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, false, select, true

from chassis.actor import Actor
from chassis.problems import Forbidden, NotFound
from services.members.access.rights import PLATFORM, own_person_id
from services.members.config import Work
from services.members.lifecycle import Halt, Status
from services.members.models import Company, Person, Piece, PortabilityProof, PortabilityRequest, Rights
from services.members.rules.requests import LIVE, Ground

Line = Row[PortabilityRequest, Rights, bool | None]
"""A declaration, the rights it is about, and whether their company emits DSN (``None``: nobody told)."""


def own_rights(work: Work, rights_id: uuid.UUID) -> Row[Rights, bool | None]:
    """Rights of the member who asks, locked. Raises ``NotFound``."""
    query = select(Rights, Company.emits_dsn).outerjoin(Company, _company())
    query = query.where(Rights.id == rights_id, Rights.person_id == own_person_id(work.actor), Rights.brand == work.actor.brand)
    found = work.session.execute(query.with_for_update(of=Rights)).one_or_none()
    if found is None:
        raise NotFound
    return found


def has_live(work: Work, rights_id: uuid.UUID) -> bool:
    """Whether a declaration about these rights waits."""
    live = select(PortabilityRequest.id).where(PortabilityRequest.rights_id == rights_id, PortabilityRequest.answer.in_(LIVE))
    return work.session.scalar(live) is not None


def request(work: Work, request_id: uuid.UUID) -> PortabilityRequest:
    """A declaration that the actor may see, locked. Raises ``NotFound``."""
    query = select(PortabilityRequest).where(PortabilityRequest.id == request_id, _perimeter(work.actor)).with_for_update()
    found = work.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def line(work: Work, request_id: uuid.UUID) -> Line:
    """A declaration with what is shown of it. Raises ``NotFound``."""
    found = work.session.execute(_lines(work.actor).where(PortabilityRequest.id == request_id)).one_or_none()
    if found is None:
        raise NotFound
    return found


def own(work: Work) -> Sequence[Line]:
    """The declarations of the member who asks, the latest first."""
    return work.session.execute(_lines(work.actor).order_by(PortabilityRequest.id.desc())).all()


def told(work: Work, answers: Collection[str], after: uuid.UUID | None, limit: int) -> Sequence[Any]:
    """A page of declarations with the people who made them, the oldest first. Raises ``Forbidden``: they are for caseworkers."""
    if not work.actor.holds(PLATFORM):
        raise Forbidden
    query = _lines(work.actor).join(Person, Person.id == PortabilityRequest.person_id).add_columns(Person)
    query = query.where(PortabilityRequest.answer.in_(answers)).order_by(PortabilityRequest.id).limit(limit)
    return work.session.execute(query.where(PortabilityRequest.id > after) if after else query).all()


def of_person(work: Work, person_id: uuid.UUID) -> Sequence[PortabilityRequest]:
    """All that somebody declared, in its order."""
    return work.session.scalars(
        select(PortabilityRequest).where(PortabilityRequest.person_id == person_id).order_by(PortabilityRequest.id)
    ).all()


def live_on(work: Work, rights_ids: Collection[uuid.UUID]) -> Sequence[PortabilityRequest]:
    """The declarations about some rights that wait, locked."""
    about = PortabilityRequest.rights_id.in_(rights_ids), PortabilityRequest.answer.in_(LIVE)
    return work.session.scalars(select(PortabilityRequest).where(*about).order_by(PortabilityRequest.id).with_for_update()).all()


def proofs(work: Work, request_ids: Collection[uuid.UUID]) -> Sequence[Row[PortabilityProof, Piece | None]]:
    """The documents that declarations name, in the order they came; one that documents has not told of, or tells to be somebody else's,
    is ``None``."""
    hers = and_(Piece.id == PortabilityProof.document_id, Piece.person_id == PortabilityRequest.person_id)
    query = select(PortabilityProof, Piece).join(PortabilityRequest, PortabilityRequest.id == PortabilityProof.request_id)
    query = query.outerjoin(Piece, hers).where(PortabilityProof.request_id.in_(request_ids))
    return work.session.execute(query.order_by(PortabilityProof.joined_at, PortabilityProof.document_id)).all()


def ground(rights: Rights, emits_dsn: bool | None) -> Ground:
    """Rights as a declaration sees them; a company that nobody told of is taken to emit DSN."""
    standing = Status(rights.status), rights.starts_on, rights.ends_on
    offer = rights.portability_months, rights.portability_ends_on
    return Ground(*standing, *offer, emits_dsn is not False, Halt(rights.halt) if rights.halt else None)


def _lines(actor: Actor) -> Select[PortabilityRequest, Rights, bool | None]:
    query = select(PortabilityRequest, Rights, Company.emits_dsn).join(Rights, Rights.id == PortabilityRequest.rights_id)
    return query.outerjoin(Company, _company()).where(_perimeter(actor))


def _company() -> ColumnElement[bool]:
    return and_(Company.brand == Rights.brand, Company.siren == Rights.siren)


def _perimeter(actor: Actor) -> ColumnElement[bool]:
    match actor.kind:
        case "member":
            return and_(PortabilityRequest.person_id == own_person_id(actor), PortabilityRequest.brand == actor.brand)
        case "caseworker":
            return true() if actor.holds(PLATFORM) else false()
    return false()
