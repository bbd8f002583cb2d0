"""One more company in somebody's perimeter (S1:154-166): by its number and its identifier, resolved as an activation is.

Knowing two printed numbers never gives a right by itself: where nobody administers the company its contact on file is asked, as the
first time; where somebody does, an administrator approves.
"""

from typing import Any

from chassis import inbox
from chassis.hold import refuse_while_held
from chassis.problems import Forbidden
from services.employers import errors
from services.employers.access import companies
from services.employers.access import habilitations as access
from services.employers.actions import activation
from services.employers.config import Work
from services.employers.models import ActivationRequest, fingerprint


def ask(work: Work, form: dict[str, Any]) -> ActivationRequest:
    """Ask for one more company: written down, resolved a moment later, answered the same. Raises ``Held``, ``TooMany``, ``Invalid``."""
    refuse_while_held(work)
    brand, number = companies.brand(work), _number(work, form)
    person = access.account(work, work.actor.account_id)
    if person is None:
        raise Forbidden
    activation.count_try(work, f"account:{person.id}")
    request = ActivationRequest(
        brand=brand.identity.key,
        siret=number,
        identifier_fingerprint=fingerprint(number, form["identifier"]),
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        asked_at=work.now,
        asked_by=person.id,
    )
    work.session.add(request)
    work.session.flush()
    inbox.wake(work)
    return request


def _number(work: Work, form: dict[str, Any]) -> str:
    """The one number that was typed, of a kind the brand takes."""
    typed = {kind: form[kind] for kind in ("siret", "siren") if form[kind]}
    if len(typed) != 1:
        raise errors.one_number()
    ((kind, number),) = typed.items()
    if kind not in companies.brand(work).own.add_scope.accepts:
        raise errors.number_refused(kind)
    return str(number)
