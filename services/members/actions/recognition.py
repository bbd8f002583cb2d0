"""Whose a form that opens a space is (S2:7-12): a name, a birth date and a contract number that name exactly one insured person."""

from datetime import date

from events.identity import AccountAsked
from events.members import AccountMatched
from services.members.access.recognition import insured_under
from services.members.config import Work
from services.members.models import search_name


def recognise(work: Work, asked: AccountAsked) -> None:
    """Tell whose the form is; when nobody, or more than one, fits, nothing is told and nobody learns which."""
    name = search_name(asked.last_name.value, asked.first_name.value)
    found = insured_under(work, name, date.fromisoformat(asked.birth_on.value), asked.contract_number.value)
    if len(found) == 1:
        work.emit(AccountMatched(opening_id=asked.opening_id, person_id=found[0]))
        work.audit("person.recognised", f"person:{found[0]}")
