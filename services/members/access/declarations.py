"""Declarations of payrolls and the facts they hold, from the actor's perimeter; and the facts of a producer, by the ids it gave them."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, select, text, true, tuple_

from chassis.actor import Actor
from chassis.problems import NotFound
from events.dsn import DeclarationTaken
from services.members.access.rights import PLATFORM
from services.members.config import Work
from services.members.models import Company, DsnFact, DsnOutcome
from services.members.rules.facts import FactState

Key = tuple[Any, ...]
"""SIRET, nature and rank (day, number): what a declaration is."""
KEY = (DsnFact.siret, DsnFact.nature, DsnFact.rank_built_on, DsnFact.rank_number)
SIREN = func.left(DsnFact.siret, 9)
UNFINISHED = text("SELECT event_id, subject, state FROM inbox WHERE event_id = ANY(:ids) AND state <> 'done'")


def visible_declarations(actor: Actor) -> Select[DsnFact]:
    """The declarations that were read to their end, each by the fact that says so, the latest told first."""
    query = select(DsnFact).where(DsnFact.name == DeclarationTaken.name, _perimeter(actor))
    return query.order_by(DsnFact.told_at.desc(), DsnFact.id.desc())


def after(query: Select[DsnFact], declaration_id: uuid.UUID) -> Select[DsnFact]:
    """The same, from the declaration that follows one."""
    place = select(DsnFact.told_at, DsnFact.id).where(DsnFact.id == declaration_id).correlate(None).scalar_subquery()
    return query.where(tuple_(DsnFact.told_at, DsnFact.id) < place)


def declaration(work: Work, declaration_id: uuid.UUID) -> DsnFact:
    """One that the actor may see. Raises ``NotFound``."""
    found = work.session.scalar(visible_declarations(work.actor).where(DsnFact.id == declaration_id))
    if found is None:
        raise NotFound
    return found


def counts(work: Work, keys: Collection[Key]) -> Sequence[Any]:
    """How many facts of some declarations are in each state."""
    query = select(*KEY, DsnOutcome.state, func.count().label("number")).join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id)
    told = query.where(tuple_(*KEY).in_(keys), DsnFact.name != DeclarationTaken.name, _perimeter(work.actor))
    return work.session.execute(told.group_by(*KEY, DsnOutcome.state)).all()


def facts_in(work: Work, key: Key, state: FactState | None, seen: uuid.UUID | None) -> Select[DsnFact, DsnOutcome]:
    """What one declaration told, by id, from the fact that follows ``seen``."""
    query = select(DsnFact, DsnOutcome).join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id)
    query = query.where(tuple_(*KEY) == key, DsnFact.name != DeclarationTaken.name, _perimeter(work.actor))
    if state:
        query = query.where(DsnOutcome.state == state)
    if seen:
        query = query.where(DsnFact.id > seen)
    return query.order_by(DsnFact.id)


def judged(work: Work, fact_ids: Collection[uuid.UUID], sirens: Collection[str] | None) -> Sequence[Any]:
    """What became of some facts, those of other companies left out."""
    query = select(DsnFact.id, DsnOutcome.state, DsnOutcome.reason).join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id)
    return work.session.execute(query.where(DsnFact.id.in_(fact_ids), true() if sirens is None else SIREN.in_(sirens))).all()


def unfinished(work: Work, fact_ids: Collection[uuid.UUID]) -> Sequence[Any]:
    """Id, subject and state of facts that came and were not applied yet."""
    return work.session.execute(UNFINISHED, {"ids": list(fact_ids)}).all()


def _perimeter(actor: Actor) -> ColumnElement[bool]:
    match actor.kind:
        case "employer":
            return SIREN.in_(actor.grants) & exists().where(Company.brand == actor.brand, Company.siren == SIREN)
        case "caseworker":
            return true() if actor.holds(PLATFORM) else false()
        case "system":
            return true()
    return false()
