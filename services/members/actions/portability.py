"""Portability after the payroll spoke: a proof opens it, its last day closes it (CSS L911-8)."""

import uuid
from datetime import date

from services.members.access.payroll import keys_of
from services.members.access.radiations import hold
from services.members.access.rights import must_handle, of_people, over, person
from services.members.actions import requests
from services.members.actions.payroll import settle
from services.members.config import Work
from services.members.errors import NothingToProve, not_received_yet
from services.members.lifecycle import Status

BATCH = 500


def prove(work: Work, person_id: uuid.UUID, received_on: date) -> None:
    """A proof of unemployment benefit came on ``received_on``. Raises ``Forbidden``, ``Invalid``, ``NotFound``,
    ``NothingToProve``."""
    must_handle(work)
    if received_on > work.today:
        raise not_received_yet()
    insured = person(work, person_id)
    keys = hold(work, [person_id])
    awaiting = [row for row in of_people(work, [person_id]) if row.status == Status.PORTABILITY_PENDING]
    if not awaiting:
        raise NothingToProve
    for row in awaiting:
        row.proved_on = received_on
    work.session.flush()
    work.for_brand(insured.brand).audit("portability.proved", f"person:{person_id}", rights=[str(row.id) for row in awaiting])
    requests.accept(work, awaiting)
    settle(work, keys)


def lapse(work: Work, adapters: object) -> int:
    """End the portabilities whose last day has passed; returns how many."""
    ended = over(work, BATCH)
    for row in ended:
        row.lapsed_on = work.today
    work.session.flush()
    settle(work, keys_of(work, {row.person_id for row in ended}))
    return len(ended)
