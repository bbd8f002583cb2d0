"""The employer's screens: « Mes salariés affiliés », one employee, and the rows of the export (S1:251-308)."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from chassis.hold import refuse_while_held
from identifiers import nir
from identifiers.text import folded
from services.members.access import rights as access
from services.members.access.rights import Line, Lines
from services.members.config import Work
from services.members.errors import ExportTooLarge, SecondFactorExpected
from services.members.lifecycle import FILTERS
from services.members.queries import views
from services.members.rules.reasons import day

MOST_EXPORTED = 50_000
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


def employees(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the employees in the actor's perimeter, by folded name."""
    query = access.by_name(_narrowed(work, asked), after=asked["after"]).limit(asked["limit"] + 1)
    lines = work.session.execute(query).all()
    page = lines[: asked["limit"]]
    return {"items": [_employee(line) for line in page], "next": page[-1][0].id if len(lines) > len(page) else None}


def employee(work: Work, rights_id: uuid.UUID) -> dict[str, Any]:
    """One employee's rights with their history. Raises ``NotFound``."""
    line = access.line(work, rights_id)
    return {**_employee(line), "history": [views.movement(move) for move in access.movements(work, rights_id)]}


def export(work: Work, asked: dict[str, Any]) -> list[tuple[str, ...]]:
    """The rows of the Excel file, in its ten columns. Leaves an audit line with their number. Raises ``Held``,
    ``SecondFactorExpected``, ``ExportTooLarge``."""
    refuse_while_held(work)
    if not work.actor.strong:
        raise SecondFactorExpected
    lines = work.session.execute(access.by_name(_narrowed(work, asked)).limit(MOST_EXPORTED + 1)).all()
    if len(lines) > MOST_EXPORTED:
        raise ExportTooLarge
    work.audit("employees.exported", f"siret:{asked['siret'] or '*'}", rows=len(lines), status=asked["status"])
    return list(_export_rows(lines))


def _narrowed(work: Work, asked: dict[str, Any]) -> Lines:
    return access.narrowed(
        access.visible_lines(work.actor),
        statuses=FILTERS[asked["status"]],
        siret=asked["siret"],
        contract=asked["contract"],
        name=folded(asked["name"] or ""),
    )


def _employee(line: Line) -> dict[str, Any]:
    rights, person, _, _ = line
    return {
        **views.place(line),
        **views.standing(rights),
        "last_name": person.last_name,
        "first_name": person.first_name,
        "nir_masked": nir.masked(person.nir),
        "spouse_covered": rights.spouse_covered,
    }


def _export_rows(lines: Iterable[Line]) -> Iterator[tuple[str, ...]]:
    for line in lines:
        rights, person, _, _ = line
        shown = views.place(line)
        yield (
            shown["establishment"]["name"],
            rights.professional_status,
            shown["contract_label"],
            person.nir,
            person.last_name,
            person.first_name,
            day(person.birth_on),
            day(rights.starts_on),
            day(rights.ends_on) if rights.ends_on else NO_END,
            YES_NO[rights.spouse_covered],
        )
