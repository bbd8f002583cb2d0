"""Who may see what: the only place where a select is born. The database's row security says the same once more."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, Text, false, func, literal, select, true
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from chassis.actor import Actor
from chassis.problems import Forbidden, NotFound
from identifiers import text
from services.affiliation.config import Work
from services.affiliation.lifecycle import Opening, Verb, open_for
from services.affiliation.models import Affiliation, Contract, Document, Draft, Establishment, Move, Notice
from services.affiliation.rules import PieceState, may_be_born

APPLICANT = "affiliation:"
LAST_CHARACTER = "\uffff"
PAPER = "bulletin"
"""The kind, in documents, of a bulletin that came back on paper."""
CASEWORKER_SCOPE = "platform"
HANDLERS = ("handle", "administer")
"""The caseworkers' roles that act; ``read`` only looks."""


def own_affiliation_id(actor: Actor) -> uuid.UUID:
    """The affiliation an applicant stands for. Raises ``NotFound``."""
    try:
        return uuid.UUID(actor.reference.removeprefix(APPLICANT))
    except ValueError as error:
        raise NotFound from error


def visible_affiliations(actor: Actor) -> Select[Affiliation]:
    """The affiliations an actor may know of: her companies' for an employer, his own for an applicant, all for a caseworker.

    Employers and applicants are in one brand's space: its rules apply, and what another brand sent is not there.
    """
    return select(Affiliation).where(_perimeter(actor))


def named(typed: str) -> ColumnElement[bool]:
    """Whose last name, then first name, begin as typed: a range on the folded key, that an index can serve under row security."""
    start = text.folded(typed)
    return (Affiliation.person_key >= start) & (Affiliation.person_key < start + LAST_CHARACTER)


def papers(work: Work, after: uuid.UUID | None, most: int) -> Sequence[tuple[Document, Affiliation]]:
    """The bulletins that came back on paper and wait to be registered, the longest waiting first: ids of documents sort by time."""
    waiting = Document.kind == PAPER, Document.state != PieceState.REFUSED, Affiliation.status.in_(open_for(Opening.JOURNEY))
    query = visible_affiliations(work.actor).join(Document, Document.affiliation_id == Affiliation.id).where(*waiting)
    query = query.where(Document.id > after) if after else query
    page = query.with_only_columns(Document, Affiliation).order_by(Document.id).limit(most)
    return [(paper, of) for paper, of in work.session.execute(page)]


def coded(code: str) -> ColumnElement[bool]:
    """Whose paper form carries a code (the end of the id, as ``identifiers.paper`` reads it)."""
    return Affiliation.paper_code == code


def visible_establishments(actor: Actor) -> Select[Establishment]:
    """The establishments of the companies an employer acts for; all of them for a caseworker."""
    return select(Establishment).where(_companies(actor, Establishment.siren)).order_by(Establishment.siren, Establishment.siret)


def establishment(work: Work, siret: str) -> Establishment:
    """One establishment of the actor's. Raises ``NotFound``."""
    found = work.session.scalar(visible_establishments(work.actor).where(Establishment.siret == siret))
    if found is None:
        raise NotFound
    return found


def visible_contracts(actor: Actor) -> Select[Contract]:
    """The contracts of the companies an employer acts for; all of them for a caseworker."""
    return select(Contract).where(_companies(actor, Contract.siren)).order_by(Contract.siren, Contract.label, Contract.reference)


def affiliation(work: Work, affiliation_id: uuid.UUID, *, to_change: bool = False) -> Affiliation:
    """One affiliation the actor may see, its row locked ``to_change`` it. Raises ``NotFound``; ``Forbidden`` for who may only read."""
    if to_change:
        require_hands(work.actor)
    query = visible_affiliations(work.actor).where(Affiliation.id == affiliation_id)
    found = work.session.scalar(query.with_for_update() if to_change else query)
    if found is None:
        raise NotFound
    return found


def require_hands(actor: Actor) -> None:
    """Refuse a caseworker who may only read. Raises ``Forbidden``."""
    if actor.kind == "caseworker" and not actor.holds(CASEWORKER_SCOPE, *HANDLERS):
        raise Forbidden


def of_ids(work: Work, affiliation_ids: Sequence[uuid.UUID]) -> Sequence[Affiliation]:
    """Some affiliations of the actor's perimeter, by id."""
    return work.session.scalars(visible_affiliations(work.actor).where(Affiliation.id.in_(affiliation_ids)).order_by(Affiliation.id)).all()


def own_affiliation(work: Work, *, to_change: bool = False) -> Affiliation:
    """The applicant's affiliation. Raises ``NotFound``."""
    return affiliation(work, own_affiliation_id(work.actor), to_change=to_change)


def twins(work: Work, of: Affiliation) -> Sequence[Affiliation]:
    """Other affiliations of a person of the same name in the same establishment, whose birth date does not tell them apart."""
    alike = namesakes(work, [of.siret], [of.person_key])
    return [one for one in alike if one.id != of.id and may_be_born(one.birth_on, of.birth_on)]


def namesakes(work: Work, sirets: Collection[str], person_keys: Collection[str]) -> Sequence[Affiliation]:
    """Live affiliations, in some establishments, of people of some names."""
    alike = _one_of(Affiliation.siret, sirets), _one_of(Affiliation.person_key, person_keys)
    query = visible_affiliations(work.actor).where(*alike, Affiliation.status.in_(open_for(Opening.PERIOD)))
    return work.session.scalars(query.order_by(Affiliation.id)).all()


def kept_verbs(work: Work, of: Affiliation) -> tuple[Verb, ...]:
    """The verbs that the affiliation's brand, or a role that only reads, keeps from this actor."""
    actor, brand = work.actor, work.brands.get(of.brand)
    if actor.kind == "caseworker" and not actor.holds(CASEWORKER_SCOPE, *HANDLERS):
        return tuple(Verb)
    may_abandon = actor.kind in ("applicant", "system") or (brand is not None and actor.kind in brand.own.can_abandon)
    return () if may_abandon else (Verb.ABANDON,)


def expired(work: Work, most: int) -> Sequence[Affiliation]:
    """Journeys whose delay ran out, locked, where the brand lets it end them; what another worker holds is skipped."""
    ending = [key for key, brand in work.brands.items() if "timer" in brand.own.can_abandon]
    journeys = Affiliation.status.in_(open_for(Opening.JOURNEY)) & Affiliation.brand.in_(ending)
    query = select(Affiliation).where(journeys, Affiliation.expires_at <= work.now)
    return work.session.scalars(query.order_by(Affiliation.expires_at).limit(most).with_for_update(skip_locked=True)).all()


def to_remind(work: Work, most: int) -> Sequence[Affiliation]:
    """Journeys whose reminder is due and not paused, locked; what another worker holds is skipped."""
    due = Affiliation.status.in_(open_for(Opening.JOURNEY)), Affiliation.remind_at <= work.now
    quiet = Affiliation.paused_until.is_(None) | (Affiliation.paused_until < work.today)
    query = select(Affiliation).where(*due, quiet, Affiliation.undelivered_at.is_(None)).order_by(Affiliation.remind_at)
    return work.session.scalars(query.limit(most).with_for_update(skip_locked=True)).all()


def affiliation_to_tell(work: Work, affiliation_id: uuid.UUID) -> Affiliation | None:
    """The affiliation that a fact is about, locked, if it is known here."""
    return work.session.scalar(select(Affiliation).where(Affiliation.id == affiliation_id).with_for_update())


def draft(work: Work, of: Affiliation) -> Draft | None:
    """The form in progress, if one was saved."""
    return work.session.get(Draft, of.id)


def documents(work: Work, of: Affiliation) -> Sequence[Document]:
    """What was joined, the latest first."""
    return work.session.scalars(select(Document).where(Document.affiliation_id == of.id).order_by(Document.id.desc())).all()


def moves(work: Work, of: Affiliation) -> Sequence[Move]:
    """The history, in its order."""
    return work.session.scalars(select(Move).where(Move.affiliation_id == of.id).order_by(Move.id)).all()


def notices(work: Work, of: Affiliation) -> Sequence[Notice]:
    """What was handed over to the person, in its order."""
    query = select(Notice).where(Notice.affiliation_id == of.id).order_by(Notice.handed_over_at, Notice.id)
    return work.session.scalars(query).all()


def relaunches(work: Work, of: Affiliation) -> tuple[int, datetime | None]:
    """How many reminders left, and when the last one did."""
    query = select(func.count(), func.max(Move.at)).where(Move.affiliation_id == of.id, Move.verb == Verb.RELAUNCH)
    count, last = work.session.execute(query).one()
    return count, last


def _one_of(column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of many values, told as one parameter."""
    return column == func.any(literal(list(values), ARRAY(Text)))


def _companies(actor: Actor, siren: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    return true() if actor.kind == "caseworker" and actor.holds(CASEWORKER_SCOPE) else siren.in_(actor.grants)


def _perimeter(actor: Actor) -> ColumnElement[bool]:
    of_the_brand = Affiliation.brand == actor.brand
    match actor.kind:
        case "employer":
            return of_the_brand & Affiliation.siren.in_(actor.grants)
        case "applicant":
            return of_the_brand & (Affiliation.id == own_affiliation_id(actor))
        case "caseworker":
            return true() if actor.holds(CASEWORKER_SCOPE) else false()
        case "system":
            return true()
    return false()
