"""Portability after the payroll spoke: a proof opens it, others confirm it, its term or the end of the benefit closes it (CSS L911-8)."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from events.members import PortabilityProofDue
from services.members.access.radiations import hold
from services.members.access.rights import late, must_handle, of_people, over, person, unproved
from services.members.actions import requests
from services.members.actions.payroll import settle
from services.members.config import Portability, Work
from services.members.errors import NothingToProve, NothingToStop, not_ended_yet, not_received_yet
from services.members.lifecycle import Halt, Status
from services.members.models import Person, Rights
from services.members.rules.portability import awaits_proof, months_after

BATCH = 500


def prove(work: Work, person_id: uuid.UUID, received_on: date) -> None:
    """A proof of unemployment benefit came on ``received_on``: it opens the portability, or confirms one that runs. Raises ``Forbidden``,
    ``Invalid``, ``NotFound``, ``NothingToProve``."""
    must_handle(work)
    if received_on > work.today:
        raise not_received_yet()
    insured = person(work, person_id)
    terms, keys = _terms(work, insured), hold(work, [person_id])
    awaiting = [row for row in of_people(work, [person_id]) if awaits_proof(row, received_on, terms.proof_every_months)]
    if not awaiting:
        raise NothingToProve
    for row in awaiting:
        _confirm(row, received_on, terms)
    work.session.flush()
    work.for_brand(insured.brand).audit("portability.proved", f"person:{person_id}", rights=[str(row.id) for row in awaiting])
    requests.accept(work, awaiting)
    settle(work, keys)


def stop(work: Work, person_id: uuid.UUID, ended_on: date) -> None:
    """The unemployment benefit ended on ``ended_on``, its last day: so does the portability. Raises ``Forbidden``, ``Invalid``,
    ``NotFound``, ``NothingToStop``."""
    must_handle(work)
    if ended_on > work.today:
        raise not_ended_yet()
    insured, keys = person(work, person_id), hold(work, [person_id])
    running = [row for row in of_people(work, [person_id]) if row.status == Status.PORTABILITY and _before_term(row, ended_on)]
    if not running:
        raise NothingToStop
    for row in running:
        _halt(row, ended_on, Halt.BENEFIT_ENDED)
    work.session.flush()
    work.for_brand(insured.brand).audit("portability.stopped", f"person:{person_id}", rights=[str(row.id) for row in running])
    settle(work, keys)


def lapse(work: Work, adapters: object) -> int:
    """End the portabilities whose last day has passed; returns how many."""
    ended = over(work, BATCH)
    keys = _hold(work, ended)
    for row in ended:
        row.lapsed_on = work.today
    work.session.flush()
    settle(work, keys)
    return len(ended)


def ask_again(work: Work, adapters: object) -> int:
    """Ask for the next proof of the benefit where it is due; returns how many were asked for."""
    due = unproved(work, BATCH)
    for row in due:
        row.reminded_on = work.today
        until = work.today + timedelta(days=work.brands[row.brand].own.portability.grace_days)
        asked = PortabilityProofDue(rights_id=row.id, person_id=row.person_id, siret=row.siret, until=until)
        work.for_brand(row.brand).emit(asked)
    work.session.flush()
    return len(due)


def give_up(work: Work, adapters: object) -> int:
    """Stop the portabilities whose proof was asked for and did not come in the delay of the brand; returns how many."""
    delays = {key: timedelta(days=brand.own.portability.grace_days) for key, brand in work.brands.items()}
    missing = late(work, delays, BATCH)
    keys = _hold(work, missing)
    for row in missing:
        if row.reminded_on is not None:  # else its proof came while we waited for the row
            _halt(row, row.reminded_on + delays[row.brand], Halt.PROOF_MISSING)
    work.session.flush()
    settle(work, keys)
    return len(missing)


def _terms(work: Work, insured: Person) -> Portability:
    return work.brands[insured.brand].own.portability


def _confirm(row: Rights, received_on: date, terms: Portability) -> None:
    """The first proof opens, the next ones only say until when nothing more is asked."""
    if row.status == Status.PORTABILITY_PENDING:
        row.proved_on = received_on
    row.confirmed_on, row.reminded_on, row.halted_on, row.halt = received_on, None, None, None
    row.proof_due_on = months_after(received_on, terms.proof_every_months) if terms.proof_every_months else None


def _before_term(row: Rights, day: date) -> bool:
    return row.portability_ends_on is not None and day < row.portability_ends_on


def _halt(row: Rights, day: date, why: Halt) -> None:
    """Stop on a day, or on the last of the employment when the day is older."""
    first = date.fromisoformat(row.entitlement["starts_on"]) if row.entitlement else day
    row.halted_on, row.halt = max(day, first - timedelta(days=1)), why


def _hold(work: Work, rows: Sequence[Rights]) -> set[bytes]:
    """Lock these rows and all that their fold will lock, in its order; they are read again. Returns the people's numbers."""
    return hold(work, {row.person_id for row in rows})
