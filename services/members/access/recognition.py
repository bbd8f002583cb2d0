"""Insured people, found by what a form says of them."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from services.members.config import Work
from services.members.lifecycle import Status
from services.members.models import Person, Rights


def insured_under(work: Work, name: str, birth_on: date, contract_reference: str) -> Sequence[uuid.UUID]:
    """The people of the brand with a folded name and a birth date who have, or keep, cover under a contract."""
    who = Person.brand == work.brand_key, Person.search_name == name, Person.birth_on == birth_on
    under = Rights.contract_reference == contract_reference, Rights.status != Status.ENDED
    return work.session.scalars(select(Person.id).join(Rights, Rights.person_id == Person.id).where(*who, *under).distinct()).all()
