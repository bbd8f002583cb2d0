"""The Excel file of employees: who may let one out, what it would hold, and its sheets as they are read (S1:292-306)."""

from collections.abc import Iterator
from typing import Any

from chassis.hold import refuse_while_held
from chassis.labels import _
from chassis.sheets import Table
from identifiers import nir
from services.members.access import employees as access
from services.members.access import rights as lines
from services.members.config import Work
from services.members.errors import ExportTooLarge, SecondFactorExpected
from services.members.models import Dependent, Person, Rights
from services.members.queries.employees import CONTRACT, PLACE, sought
from services.members.queries.views import KINSHIP
from services.members.rules.reasons import day

MOST_EXPORTED = 500_000
"""Half of what a sheet may hold."""
FRAME_BYTES, LINE_BYTES = 9_000, 60
"""About what an empty file and each of its lines weigh, compressed: enough to draw how far a download is."""

NO_END = "-"
YES_NO = {True: "Oui", False: "Non"}
SHEET = _("Salariés affiliés")
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
WIDTHS = (30, 22, 30, 18, 22, 18, 18, 14, 14, 16)
FAMILY_SHEET = _("Ayants droit")
FAMILY_HEADER = ("Etablissement", "Nom", "Prénom", "Lien", "Nom de l'ayant droit", "Prénom de l'ayant droit", "Date d'effet", "Date de fin")
FAMILY_WIDTHS = (30, 22, 18, 18, 22, 22, 14, 14)

EXPORTED = (
    Rights.siren,
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
"""What each column is read from, the company first."""
RELATED = (
    PLACE,
    Person.last_name,
    Person.first_name,
    Dependent.kinship,
    Dependent.last_name.label("dependent_last_name"),
    Dependent.first_name.label("dependent_first_name"),
    Rights.starts_on,
    Rights.ends_on,
)


def forecast(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """What the file would hold, told before it is asked for: a page without a script shows it beside the button."""
    search = sought(work, asked)
    rows = access.how_many(work, search)
    return {
        "rows": rows,
        "about_bytes": about_bytes(rows),
        "whole_numbers": access.sees_nir(work.actor).issuperset(search.sirens),
        "possible": rows <= MOST_EXPORTED,
    }


def export(work: Work, asked: dict[str, Any]) -> int:
    """Let an Excel file out: leaves an audit line with the number of its rows, which it returns.

    Raises ``Held``, ``SecondFactorExpected``, ``ExportTooLarge``.
    """
    refuse_while_held(work)
    if not work.actor.strong:
        raise SecondFactorExpected
    rows = access.how_many(work, sought(work, asked))
    if rows > MOST_EXPORTED:
        raise ExportTooLarge
    told = {"rows": rows, "status": asked["status"], "sirens": sorted(work.actor.grants), "dependents": asked["dependents"]}
    numbers = sorted(access.sees_nir(work.actor))
    work.audit("employees.exported", f"siret:{asked['siret'] or '*'}", **told, numbers=numbers)
    return rows


def sheets(work: Work, asked: dict[str, Any]) -> Iterator[Table]:
    """The sheets of the file; a second one for the ayants droit when it is asked."""
    yield Table(SHEET, EXPORT_HEADER, WIDTHS, _lines(work, asked))
    if asked["dependents"]:
        yield Table(FAMILY_SHEET, FAMILY_HEADER, FAMILY_WIDTHS, _family(work, asked))


def about_bytes(rows: int) -> int:
    return FRAME_BYTES + rows * LINE_BYTES


def _lines(work: Work, asked: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The ten columns, as they are read; a number that the actor may not read is masked."""
    whole = access.sees_nir(work.actor)
    query = lines.only(access.whole(work.actor, sought(work, asked), asked["sort"]), *EXPORTED)
    for siren, place, status, contract, number, last_name, first_name, birth_on, starts_on, ends_on, spouse_covered in work.session.told(
        query
    ):
        who = (number if siren in whole else nir.masked(number), last_name, first_name, day(birth_on))
        yield place, status, contract, *who, day(starts_on), _end(ends_on), YES_NO[spouse_covered]


def _family(work: Work, asked: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    query = lines.only(access.family(work.actor, sought(work, asked), asked["sort"]), *RELATED)
    for place, last_name, first_name, kinship, *dependent, starts_on, ends_on in work.session.told(query):
        yield place, last_name, first_name, KINSHIP[kinship], *dependent, day(starts_on), _end(ends_on)


def _end(ends_on: Any) -> str:
    return day(ends_on) if ends_on else NO_END
