"""Who read what of a person, from the audit trail: the lines about her and her affiliations, and the lists that she stood in."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select

from chassis.tables import audit
from services.members.config import Work
from services.members.models import Company, Rights

LISTS = ("employees.exported", "affiliations.read")
"""What is told of many people at once: each finds it when the list held one of her companies."""


def lines_about(work: Work, person_id: uuid.UUID, actions: Collection[str], *, after: int | None, limit: int) -> Sequence[Row[Any]]:
    """A page of the trail about a person of this brand, the latest first; a list counts when it covered one of her places."""
    hers = work.session.execute(select(Rights.siren, Rights.siret, Rights.affiliation_id).where(Rights.person_id == person_id)).all()
    companies = [audit.c.details["sirens"].contains([siren]) for siren in {row.siren for row in hers}]
    lists = or_(
        audit.c.subject.in_([f"siret:{row.siret}" for row in hers]),
        and_(audit.c.subject == "siret:*", or_(False, *companies)),
    )
    herself = [f"person:{person_id}", *(f"affiliation:{row.affiliation_id}" for row in hers)]
    about = or_(audit.c.subject.in_(herself), and_(audit.c.action.in_(LISTS), lists))
    found = select(audit).where(about, audit.c.action.in_(actions), audit.c.brand == work.brand_key)
    page = found.where(audit.c.id < after) if after else found
    return work.session.execute(page.order_by(audit.c.id.desc()).limit(limit)).all()


def company_names(work: Work, sirens: Collection[str]) -> dict[str, str]:
    """What companies are called, as far as whoever asks may know them."""
    known = select(Company.siren, Company.name).where(Company.siren.in_(sirens), Company.brand == work.brand_key)
    return {row.siren: row.name for row in work.session.execute(known)}
