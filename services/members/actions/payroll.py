"""Payroll facts: kept as told, then folded into the rights of the people they name. A list at a time: bulk read, pure fold, bulk write."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import insert, text, update

import events
from chassis.database import bytea, records
from chassis.work import Told
from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, NobodyCovered, Radiation
from events.fact import opened
from events.members import RightsChanged
from services.members import lifecycle
from services.members.access import payroll
from services.members.actions import anomalies, establishments, reimbursements
from services.members.actions.dossiers import Dossiers, read
from services.members.actions.outcomes import write_outcomes
from services.members.config import Work
from services.members.lifecycle import Status
from services.members.models import VAULT, Movement, Rights, person_key
from services.members.rules import facts as words
from services.members.rules.declarations import CORRECTING
from services.members.rules.facts import FactState
from services.members.rules.fold import Decision, Settled
from services.members.rules.months import Span, span, spans
from services.members.rules.portability import Entitlement
from services.members.rules.weighing import settle as fold_person

Spoken = AffiliationSeen | EmploymentChanged | IdentityChanged | Radiation
Declared = Spoken | NobodyCovered | DeclarationTaken
Causes = Mapping[bytes, Told[Any]]
KEEP = text("""
INSERT INTO dsn_fact (id, name, siret, nature, type, rank_built_on, rank_number, month, fraction, target_built_on, target_number,
                      person_key, former_key, saying, contract_reference, told, told_at)
SELECT id, name, siret, nature, type, rank_built_on, rank_number, month, fraction, target_built_on, target_number,
       person_key, former_key, saying, contract_reference, told, told_at
FROM json_populate_recordset(CAST(NULL AS dsn_fact), CAST(:facts AS json)) ON CONFLICT DO NOTHING
""")


def take(work: Work, tolds: Sequence[Told[Any]]) -> None:
    """Keep facts, and let every right they may touch be decided again; facts taken before change nothing."""
    keys = {told.id: _key(told.fact) for told in tolds}
    work.session.execute(KEEP, {"facts": records([_row(told, keys[told.id]) for told in tolds])})
    repeating = payroll.repeating(work, keys)
    correcting = {told.fact.declaration for told in tolds if told.fact.declaration.type in CORRECTING}
    touched, unattached = payroll.corrected(work, correcting)
    places = establishments.judge(work, [*unattached, *(_unattached(told) for told in tolds if not keys[told.id])])
    write_outcomes(work, dict.fromkeys(repeating, (FactState.APPLIED, words.HEARD)))
    causes = {key: told for told in tolds if told.id not in repeating and (key := keys[told.id])}
    settle(work, {*causes, *touched, *payroll.covered_at(work, places)}, causes)
    anomalies.review(work, {key for key in keys.values() if key} | touched, spans(told.fact.declaration for told in tolds))


def settle(work: Work, keys: Collection[bytes], causes: Causes | None = None) -> None:
    """Decide again the rights of the people that some numbers name, from all that payrolls ever told of them."""
    if not keys:
        return
    dossiers = read(work, keys)
    work.session.add_all(dossiers.new_keys)
    dossiers.renew_numbers()
    tables = {key: brand.own.motive_table for key, brand in work.brands.items()}
    settled: dict[uuid.UUID, Settled] = {}
    for person_id, rights in dossiers.rights.items():
        spells, told = [dossiers.spell(row) for row in rights], dossiers.facts_about(person_id)
        settled |= fold_person(spells, told, dossiers.corrections, dossiers.closures, tables.get(rights[0].brand))
    opened = _opened(dossiers, settled)
    _write_rights(work, dossiers, settled, causes or {})
    write_outcomes(work, dict(_judge(dossiers, settled)))
    anomalies.review(work, keys, {months for _, months in opened}, {person_id for person_id, _ in opened})
    reimbursements.settle(work, {*keys, *dossiers.owners})


def _key(fact: Declared) -> bytes | None:
    """The number that names the person, if it is about one."""
    if isinstance(fact, NobodyCovered | DeclarationTaken):
        return None
    return person_key(opened(fact.employment.nir), opened(fact.employment.ntt))


def _unattached(told: Told[Declared]) -> words.Unattached:
    return words.Unattached(told.id, type(told.fact), told.fact.declaration, _closed(told.fact))


def _closed(fact: Declared) -> str | None:
    """The contract that covers nobody in an establishment, for a fact that says so."""
    return fact.contract_reference if isinstance(fact, NobodyCovered) else None


def _former_key(fact: Declared) -> bytes | None:
    """Another number of the same person, which the fact links to the one that names her: her former NIR, else her temporary number."""
    if isinstance(fact, NobodyCovered | DeclarationTaken):
        return None
    former = opened(fact.former_nir) if isinstance(fact, IdentityChanged) else None
    return person_key(former, words.temporary(fact))


def _row(told: Told[Declared], key: bytes | None) -> dict[str, Any]:
    fact, declaration = told.fact, told.fact.declaration
    return {
        "id": told.id,
        "name": fact.name,
        "siret": declaration.siret,
        "nature": declaration.nature,
        "type": declaration.type,
        "rank_built_on": declaration.rank.built_on,
        "rank_number": declaration.rank.number,
        "month": declaration.month,
        "fraction": declaration.fraction,
        "target_built_on": declaration.target and declaration.target.built_on,
        "target_number": declaration.target and declaration.target.number,
        "person_key": bytea(key),
        "former_key": bytea(_former_key(fact)),
        "saying": bytea(words.saying(fact)),
        "contract_reference": _closed(fact),
        "told": bytea(VAULT.seal(events.encode(fact, str).decode())),
        "told_at": told.time,
    }


def _write_rights(work: Work, dossiers: Dossiers, settled: Mapping[uuid.UUID, Settled], causes: Causes) -> None:
    """The rows that moved, a line of history for each decision that people must know, and the fact that tells it."""
    rows = [row for rights in dossiers.rights.values() for row in rights]
    changed = [(row, settled[row.id].decision) for row in rows if settled[row.id].decision.differs(row.decision)]
    moves = [_movement(work, row, decision) for row, decision in changed]
    moved = [columns for row in rows if _differ(row, columns := _columns(row, settled[row.id]))]
    if moved:
        work.session.execute(update(Rights), moved)
    if moves:
        work.session.execute(insert(Movement), moves)
        work.audit("rights.folded", "dsn", changed=len(moves))
    moved_by = dossiers.moved_by(causes)
    for row, decision in changed:
        _because(work, moved_by.get(row.person_id)).for_brand(row.brand).emit(_told(row, decision))


def _opened(dossiers: Dossiers, settled: Mapping[uuid.UUID, Settled]) -> list[tuple[uuid.UUID, Span]]:
    """Whose rights open again, or elsewhere: the months there may have forgotten them."""
    rows = [(row, settled[row.id]) for rights in dossiers.rights.values() for row in rights]
    places = [(row, one.key[0] if one.key else row.opened_siret) for row, one in rows if one.decision.status is Status.ACTIVE]
    return [
        (row.person_id, span(siret, row.starts_on, row.ends_on))
        for row, siret in places
        if (row.status, row.siret) != (Status.ACTIVE, siret)
    ]


def _columns(row: Rights, settled: Settled) -> dict[str, Any]:
    siret, number, starts_on = settled.key or (row.opened_siret, None, None)
    employment = {"siret": siret, "employment_number": number, "employment_starts_on": starts_on}
    return {"id": row.id, **asdict(settled.decision), **employment, "entitlement": _plain(settled.entitlement)}


def _plain(entitlement: Entitlement | None) -> Any:
    """As the database keeps it."""
    return msgspec.json.decode(msgspec.json.encode(entitlement))


def _differ(row: Rights, columns: Mapping[str, Any]) -> bool:
    return any(getattr(row, name) != value for name, value in columns.items())


def _movement(work: Work, row: Rights, decision: Decision) -> dict[str, Any]:
    move = lifecycle.move(row.decision.status, decision.status)
    return {"rights_id": row.id, "at": work.now, "move": move, **asdict(decision)}


def _told(row: Rights, decision: Decision) -> RightsChanged:
    told = asdict(decision) | {"status": decision.status.value}
    return RightsChanged(rights_id=row.id, person_id=row.person_id, siren=row.siren, siret=row.siret, **told)


def _because(work: Work, cause: Told[Any] | None) -> Work:
    return work.because(cause) if cause else work


def _judge(dossiers: Dossiers, settled: Mapping[uuid.UUID, Settled]) -> Iterable[tuple[uuid.UUID, words.Judged]]:
    """What became of each fact read."""
    heard = {fact for one in settled.values() for fact in one.heard}
    for row, fact in dossiers.told:
        if dossiers.dead(fact.declaration):
            yield row.id, words.superseded(fact.declaration)
        elif not dossiers.owners.get(row.person_key or b""):
            yield row.id, words.without_person(temporary=fact.employment.nir is None)
        elif fact in heard:
            yield row.id, (FactState.APPLIED, words.HEARD)
        elif isinstance(fact, IdentityChanged):
            yield row.id, (FactState.APPLIED, words.RENEWED)
        else:
            yield row.id, (FactState.WAITING, words.NO_RIGHTS)
