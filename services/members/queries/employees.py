"""The employer's screens: « Mes salariés affiliés », one employee, and the rows of the export (S1:251-308)."""

import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func

from chassis.hold import refuse_while_held
from identifiers import nir
from identifiers.text import folded
from services.members.access import radiations as radiation
from services.members.access import rights as access
from services.members.access.rights import Lines
from services.members.config import Work
from services.members.errors import ExportTooLarge, SecondFactorExpected
from services.members.lifecycle import FILTERS
from services.members.models import Contract, Establishment, Person, Rights
from services.members.queries import radiations, views
from services.members.rules.motives import Motives
from services.members.rules.reasons import day

MOST_EXPORTED = 500_000
"""Half of what a sheet may hold."""

NO_END = "-"
YES_NO = {True: "Oui", False: "Non"}
EXPORT_HEADER = (
    "Etablissement",
    "Statut professionnel",
    "Contrat",
    "NNI",
    "Nom",
    "Prénom",
    "Date de naissance",
    "Date d'effet",
    "Date de fin",
    "Conjoint Assuré",
)
"""Word for word (S1:299)."""

PLACE = func.coalesce(Establishment.name, Rights.siret).label("establishment_name")
CONTRACT = func.coalesce(Contract.label, Rights.contract_reference).label("contract_label")
"""The names; while nobody told them, the numbers."""

EXPORTED = (
    PLACE,
    Rights.professional_status,
    CONTRACT,
    Person.nir,
    Person.last_name,
    Person.first_name,
    Person.birth_on,
    Rights.starts_on,
    Rights.ends_on,
    Rights.spouse_covered,
)
"""What each is read from."""

SHOWN = (
    Rights.id.label("rights_id"),
    Rights.siret,
    PLACE,
    Rights.contract_reference,
    CONTRACT,
    Rights.professional_status,
    Rights.spouse_covered,
    Rights.starts_on,
    *(Rights.status, Rights.ends_on, Rights.reason, Rights.motive, Rights.portability_months, Rights.portability_ends_on),
    *(Person.last_name, Person.first_name, Person.nir),
)
"""What a line of the list is read from."""


def employees(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the employees in the actor's perimeter, by folded name."""
    query = access.by_name(_narrowed(work, asked), after=asked["after"]).limit(asked["limit"] + 1)
    rows = work.session.execute(access.only(query, *SHOWN)).all()
    page = rows[: asked["limit"]]
    table = work.brand.own.motive_table
    return {"items": [_employee(row, table) for row in page], "next": page[-1].rights_id if len(rows) > len(page) else None}


def employee(work: Work, rights_id: uuid.UUID) -> dict[str, Any]:
    """One employee's rights with their history; the employee will see that somebody looked. Raises ``NotFound``."""
    row = access.line(work, rights_id, *SHOWN, Rights.person_id, Rights.entitlement)
    siren = row.siret[:9]
    seen = {"rights": str(rights_id), "role": work.actor.grants.get(siren, ""), "sirens": [siren]}
    work.audit("employee.seen", f"person:{row.person_id}", **seen)
    table = work.brand.own.motive_table
    history = [views.movement(move, table) for move in access.movements(work, rights_id)]
    return {**_employee(row, table), "history": history, "possible": radiations.buttons(work, radiation.one(work, rights_id))}


def export(work: Work, asked: dict[str, Any]) -> None:
    """Let an Excel file out: leaves an audit line with the number of its rows. Raises ``Held``, ``SecondFactorExpected``,
    ``ExportTooLarge``."""
    refuse_while_held(work)
    if not work.actor.strong:
        raise SecondFactorExpected
    rows = access.how_many(work, **_narrowing(asked))
    if rows > MOST_EXPORTED:
        raise ExportTooLarge
    told = {"rows": rows, "status": asked["status"], "sirens": sorted(work.actor.grants)}
    work.audit("employees.exported", f"siret:{asked['siret'] or '*'}", **told)


def exported(work: Work, asked: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The rows of the file, in its ten columns, as they are read."""
    query = access.only(access.by_name(_narrowed(work, asked)), *EXPORTED)
    for line in work.session.told(query):
        *texts, birth_on, starts_on, ends_on, spouse_covered = line
        yield *texts, day(birth_on), day(starts_on), day(ends_on) if ends_on else NO_END, YES_NO[spouse_covered]


def _narrowed(work: Work, asked: dict[str, Any]) -> Lines:
    return access.narrowed(access.visible_lines(work.actor), **_narrowing(asked))


def _narrowing(asked: dict[str, Any]) -> dict[str, Any]:
    statuses, name = FILTERS[asked["status"]], folded(asked["name"] or "")
    return {"statuses": statuses, "siret": asked["siret"], "contract": asked["contract"], "name": name}


def _employee(row: Any, table: Motives) -> dict[str, Any]:
    """A row of ``SHOWN``; ``table`` is what motives are called in the brand."""
    return {
        "rights_id": row.rights_id,
        "establishment": {"siret": row.siret, "name": row.establishment_name},
        "contract_reference": row.contract_reference,
        "contract_label": row.contract_label,
        "professional_status": row.professional_status,
        "starts_on": row.starts_on,
        **views.standing(row, table),
        "last_name": row.last_name,
        "first_name": row.first_name,
        "nir_masked": nir.masked(row.nir),
        "spouse_covered": row.spouse_covered,
    }
