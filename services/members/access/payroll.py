"""What payrolls told, and the people their numbers name: bulk reads, a fixed number of statements whatever the size of a batch."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, LargeBinary, Row, Select, any_, bindparam, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

import events
from chassis.actor import Actor
from chassis.database import records
from chassis.problems import Forbidden
from events.dsn import Declaration, NobodyCovered, Rank
from services.members.access.rights import PLATFORM
from services.members.config import Work
from services.members.models import DsnFact, DsnOutcome, Establishment, Person, PersonKey, Rights
from services.members.rules.declarations import CORRECTING, month_of
from services.members.rules.facts import FactState, Unattached

DECLARATION = (
    DsnFact.siret,
    DsnFact.nature,
    DsnFact.type,
    DsnFact.rank_built_on,
    DsnFact.rank_number,
    DsnFact.month,
    DsnFact.fraction,
    DsnFact.target_built_on,
    DsnFact.target_number,
)
"""What a declaration is read from."""
UNATTACHED = (DsnFact.id, DsnFact.name, DsnFact.contract_reference, *DECLARATION)
"""What a fact that names nobody is read from."""
Place = tuple[str, str, date]
"""A SIRET, the reference of a contract, and a day."""
TellingRow = Row[uuid.UUID, str, str, bytes | None, bytes | None, str]
"""Id, name, SIRET, number of the person, former number and text of a fact."""
CONNECTED = text("""
WITH RECURSIVE known(key) AS (
  SELECT unnest(CAST(:keys AS bytea[]))
  UNION
  SELECT CASE WHEN f.former_key = known.key THEN f.person_key ELSE f.former_key END
  FROM known JOIN dsn_fact f
    ON f.former_key IS NOT NULL AND f.person_key IS NOT NULL AND (f.former_key = known.key OR f.person_key = known.key)
)
SELECT key FROM known
""")
"""All the numbers that changes of identity link to some numbers, in either direction."""
COVERED_AT = text("""
SELECT DISTINCT key.fingerprint
FROM json_to_recordset(CAST(:places AS json)) AS place(siret text, contract_reference text, since date)
JOIN rights ON rights.siret = place.siret AND rights.contract_reference = place.contract_reference
  AND (rights.ends_on IS NULL OR rights.ends_on >= place.since)
JOIN person_key key ON key.person_id = rights.person_id
""")
REPEATING = text("""
WITH closed AS MATERIALIZED (
  SELECT DISTINCT closing.siret FROM dsn_fact closing
  WHERE closing.siret IN (SELECT siret FROM dsn_fact WHERE id = ANY(:ids)) AND closing.contract_reference IS NOT NULL
  AND EXISTS (SELECT FROM rights WHERE rights.siret = closing.siret AND rights.contract_reference = closing.contract_reference OFFSET 0)
)
SELECT fact.id FROM dsn_fact fact WHERE fact.id = ANY(:ids) AND fact.saying IS NOT NULL
AND EXISTS (SELECT FROM dsn_fact earlier WHERE earlier.person_key = fact.person_key AND earlier.saying = fact.saying
            AND EXISTS (SELECT FROM dsn_outcome outcome WHERE outcome.fact_id = earlier.id AND outcome.state = 'applied' OFFSET 0)
            OFFSET 0)
AND fact.siret NOT IN (SELECT siret FROM closed)
AND NOT EXISTS (SELECT FROM dsn_fact other WHERE other.siret = fact.siret
                AND other.type IN ('replaces', 'replaces_without_individual', 'cancels') OFFSET 0)
""")
"""Facts that say again what was applied before, in an establishment whose declarations all stand (the types are ``CORRECTING``) and that
never said that it covers nobody under a contract of ours: there, being named again counts.

``OFFSET 0`` keeps the questions inside: each is one look at an index, and none becomes a join over all that was ever applied.
"""


def connected(work: Work, keys: Collection[bytes]) -> set[bytes]:
    """The fingerprints of all the numbers that name the same people."""
    return {bytes(key) for key in work.session.scalars(CONNECTED, {"keys": list(keys)})}


def owners(work: Work, keys: Collection[bytes]) -> Sequence[PersonKey]:
    """Every number of the people that some numbers name."""
    named = aliased(PersonKey)
    people = select(named.person_id).where(named.fingerprint == _any(keys))
    return work.session.scalars(select(PersonKey).where(PersonKey.person_id.in_(people)).order_by(PersonKey.person_id)).all()


def named(work: Work, wanted: Collection[tuple[str, bytes]]) -> dict[tuple[str, bytes], Person]:
    """The people that numbers name, each number in its brand."""
    query = select(PersonKey.brand, PersonKey.fingerprint, Person).join(Person, Person.id == PersonKey.person_id)
    found = work.session.execute(query.where(PersonKey.fingerprint == _any({key for _, key in wanted})))
    people = {(brand, bytes(key)): person for brand, key, person in found}
    return {who: people[who] for who in wanted if who in people}


def people(work: Work, person_ids: Collection[uuid.UUID]) -> Sequence[Person]:
    """Some people."""
    return work.session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)).all()


def keys_of(work: Work, person_ids: Collection[uuid.UUID]) -> set[bytes]:
    """The numbers some people are known by."""
    return set(work.session.scalars(select(PersonKey.fingerprint).where(PersonKey.person_id.in_(person_ids))))


def keys_under(work: Work, siren: str, reference: str) -> set[bytes]:
    """The numbers of the people with rights under a contract of the brand of this work."""
    under = Rights.brand == work.brand_key, Rights.siren == siren, Rights.contract_reference == reference
    return set(work.session.scalars(select(PersonKey.fingerprint).join(Rights, Rights.person_id == PersonKey.person_id).where(*under)))


def facts_of(work: Work, keys: Collection[bytes]) -> Sequence[TellingRow]:
    """All that payrolls told of the people with these numbers."""
    columns = DsnFact.id, DsnFact.name, DsnFact.siret, DsnFact.person_key, DsnFact.former_key, DsnFact.told
    return work.session.execute(select(*columns).where(DsnFact.person_key == _any(keys))).all()


def corrections(work: Work, sirets: Collection[str]) -> list[Declaration]:
    """The declarations of some establishments that replace or cancel others."""
    query = select(*DECLARATION).where(DsnFact.siret.in_(sirets), DsnFact.type.in_(CORRECTING)).distinct()
    return [_declaration(row) for row in work.session.execute(query)]


def corrected(work: Work, correcting: Iterable[Declaration]) -> tuple[set[bytes], list[Unattached]]:
    """Whom the declarations named by a target, or of a replaced month, spoke of; and what they said of nobody."""
    told = list(correcting)
    targets = {(d.siret, d.nature, d.target.built_on, d.target.number) for d in told if d.target}
    months = {month_of(d) for d in told if d.month and not d.target}
    if not targets and not months:
        return set(), []
    named = tuple_(DsnFact.siret, DsnFact.nature, DsnFact.rank_built_on, DsnFact.rank_number).in_(targets)
    aiming = tuple_(DsnFact.siret, DsnFact.nature, DsnFact.target_built_on, DsnFact.target_number).in_(targets)
    of_month = tuple_(DsnFact.siret, DsnFact.nature, DsnFact.month, DsnFact.fraction).in_(months)
    keys = select(DsnFact.person_key).where(or_(named, aiming, of_month), DsnFact.person_key.is_not(None)).distinct()
    unattached = select(*UNATTACHED).where(or_(named, aiming, of_month), DsnFact.person_key.is_(None))
    found = work.session.execute(unattached)
    return {bytes(key) for key in work.session.scalars(keys) if key is not None}, [_unattached(row) for row in found]


def waiting_for_place(work: Work, sirets: Collection[str]) -> list[Unattached]:
    """What some establishments said of themselves before they were known."""
    query = select(*UNATTACHED).join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id).where(DsnOutcome.state == FactState.WAITING)
    found = work.session.execute(query.where(DsnFact.siret.in_(sirets), DsnFact.contract_reference.is_not(None)))
    return [_unattached(row) for row in found]


def closures(work: Work, sirets: Collection[str]) -> list[NobodyCovered]:
    """All that some establishments said of contracts that cover nobody there."""
    query = select(DsnFact.told).where(DsnFact.siret.in_(sirets), DsnFact.contract_reference.is_not(None))
    return [events.decode(NobodyCovered, told.encode(), str) for told in work.session.scalars(query)]


def covered_at(work: Work, places: Collection[Place]) -> set[bytes]:
    """The numbers of the people with rights under some contracts in some establishments, whose cover had not stopped before a day."""
    rows = [{"siret": siret, "contract_reference": reference, "since": since} for siret, reference, since in places]
    return {bytes(key) for key in work.session.scalars(COVERED_AT, {"places": records(rows)})} if rows else set()


def known_places(work: Work, sirets: Collection[str]) -> set[str]:
    """Of some establishments, those that were told."""
    return set(work.session.scalars(select(Establishment.siret).where(Establishment.siret.in_(sirets))))


def repeating(work: Work, fact_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Of some facts, those that only repeat what was applied: nobody's rights need to be decided again for them."""
    return set(work.session.scalars(REPEATING, {"ids": list(fact_ids)}))


def visible_facts(actor: Actor, state: FactState | None, after: uuid.UUID | None) -> Select[DsnFact, DsnOutcome]:
    """The facts of the feed with what became of them, the latest told first. Raises ``Forbidden``: they are for caseworkers."""
    if not actor.holds(PLATFORM):
        raise Forbidden
    query = select(DsnFact, DsnOutcome).join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id)
    if state:
        query = query.where(DsnOutcome.state == state)
    if after:
        place = select(DsnFact.told_at, DsnFact.id).where(DsnFact.id == after).correlate(None).scalar_subquery()
        query = query.where(tuple_(DsnFact.told_at, DsnFact.id) < place)
    return query.order_by(DsnFact.told_at.desc(), DsnFact.id.desc())


def waiting_people(actor: Actor, after: uuid.UUID | None) -> Select[DsnFact]:
    """The latest fact that waits of each person whom the payrolls of an employer's companies name, the latest told first. Row security
    shows her those companies alone."""
    told = (
        select(DsnFact.id)
        .join(DsnOutcome, DsnOutcome.fact_id == DsnFact.id)
        .where(DsnOutcome.state == FactState.WAITING, DsnFact.person_key.is_not(None), func.left(DsnFact.siret, 9).in_(actor.grants))
        .ext(distinct_on(DsnFact.siret, DsnFact.person_key))
        .order_by(DsnFact.siret, DsnFact.person_key, DsnFact.told_at.desc(), DsnFact.id.desc())
    )
    query = select(DsnFact).where(DsnFact.id.in_(told))
    if after:
        place = select(DsnFact.told_at, DsnFact.id).where(DsnFact.id == after).correlate(None).scalar_subquery()
        query = query.where(tuple_(DsnFact.told_at, DsnFact.id) < place)
    return query.order_by(DsnFact.told_at.desc(), DsnFact.id.desc())


def _any(keys: Collection[bytes]) -> Any:
    """``= ANY(array)``: one parameter, however many numbers."""
    return any_(bindparam(None, list(keys), type_=ARRAY(LargeBinary)))


def _unattached(row: Any) -> Unattached:
    return Unattached(row.id, events.CATALOGUE[row.name], _declaration(row), row.contract_reference)


def _declaration(row: Any) -> Declaration:
    target = row.target_number is not None and Rank(built_on=row.target_built_on, number=row.target_number)
    return Declaration(
        siret=row.siret,
        nature=row.nature,
        type=row.type,
        rank=Rank(built_on=row.rank_built_on, number=row.rank_number),
        month=row.month,
        fraction=row.fraction,
        target=target or None,
    )
