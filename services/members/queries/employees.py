"""The employer's screens: « Mes salariés affiliés », what its filters offer, and one employee (S1:185-196, S1:251-295)."""

import uuid
from typing import Any

from sqlalchemy import Text, cast, func

from identifiers import nir
from identifiers.text import folded
from services.members.access import choices
from services.members.access import employees as access
from services.members.access import radiations as radiation
from services.members.access import rights as lines
from services.members.access.employees import Search
from services.members.config import Work
from services.members.errors import NumbersReserved
from services.members.lifecycle import FILTER_LABELS, FILTERS, Status
from services.members.models import Company, Contract, Establishment, Person, Rights, person_key
from services.members.queries import pages, radiations, views
from services.members.rules.employees import DECIDERS, SORTS, next_steps
from services.members.rules.motives import Motives

PLACE = func.coalesce(Establishment.name, Rights.siret).label("establishment_name")
CONTRACT = func.coalesce(Contract.label, Rights.contract_reference).label("contract_label")
"""The names; while nobody told them, the numbers."""

SHOWN = (
    Rights.id.label("rights_id"),
    Rights.siret,
    PLACE,
    Rights.contract_reference,
    CONTRACT,
    Contract.id.label("contract_id"),
    Rights.professional_status,
    Rights.spouse_covered,
    Rights.starts_on,
    *(Rights.status, Rights.ends_on, Rights.reason, Rights.motive, Rights.portability_months, Rights.portability_ends_on),
    *(Person.last_name, Person.first_name, Person.nir),
)
"""What a line of the list is read from."""


def employees(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the employees in the actor's perimeter, in the order asked. Raises ``Invalid``, ``NumbersReserved``."""
    sort, keys = asked["sort"], access.keys_of(asked["sort"])
    after = pages.place(work, sort, asked["after"])
    search = sought(work, asked)
    query = access.page(work.actor, search, sort, after, asked["limit"] + 1)
    told = (*SHOWN, *(cast(key, Text).label(f"key{rank}") for rank, key in enumerate(keys)))
    rows = access.read(work, lines.only(query, *told), search)
    page = rows[: asked["limit"]]
    table = work.brand.own.motive_table
    return {"items": [_employee(row, table) for row in page], "next": _next(work, sort, page[-1]) if len(rows) > len(page) else None}


def search(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """The same list, where a name or a whole NIR may be sought; of a NIR, an audit line says that it was. Raises as :func:`employees`."""
    found = employees(work, asked)
    if asked["nir"]:
        work.audit("employee.sought", "nir", found=len(found["items"]), sirens=sorted(access.sees_nir(work.actor)))
    return found


def sought(work: Work, asked: dict[str, Any]) -> Search:
    """What the filters mean in the actor's perimeter. Raises ``NumbersReserved`` when a number is sought without the right to read it."""
    sirens = _companies(work, asked)
    return Search(
        brand=work.actor.brand,
        sirens=sirens,
        statuses=FILTERS[asked["status"] or ("all" if asked.get("nir") else "active")],
        sirets=_establishments(work, asked, sirens),
        professional_status=asked["professional_status"],
        contract=asked["contract"],
        name=folded(asked.get("name") or ""),
        keys=_keys(asked.get("nir")),
    )


def filters(work: Work, siren: str | None) -> dict[str, Any]:
    """What each filter offers: the values that exist in the actor's perimeter, or in one company of it."""
    sirens = _companies(work, {"siren": siren, "siret": None})
    found = {
        "companies": [_choice(value, label) for value, label in choices.companies(work, sirens)],
        "establishments": [_choice(value, label) for value, label in choices.establishments(work, sirens)],
        "professional_statuses": [_choice(value, value) for value in choices.professional_statuses(work, sirens)],
        "contracts": [_choice(value, label) for value, label in choices.contracts(work, sirens)],
    }
    kept = {name: values[: choices.MOST_CHOICES] for name, values in found.items()}
    return {
        **kept,
        "statuses": [_choice(*each) for each in FILTER_LABELS.items()],
        "sorts": [_choice(*each) for each in SORTS.items()],
        "complete": kept == found,
        "sees_nir": bool(access.sees_nir(work.actor)),
    }


def employee(work: Work, rights_id: uuid.UUID) -> dict[str, Any]:
    """One employee's rights: their history, whom they cover too, what can be done next; she will see that somebody looked.

    Raises ``NotFound``.
    """
    row = lines.line(work, rights_id, *SHOWN, Rights.person_id, Rights.siren, Rights.entitlement)
    views.looked(work, row.person_id, rights_id, row.siren)
    company, table = work.session.get(Company, (work.actor.brand, row.siren)), work.brand.own.motive_table
    return {
        **_employee(row, table),
        "company": {"siren": row.siren, "name": company.name if company else row.siren},
        "contract_id": row.contract_id,
        "dependents": [views.dependent(one) | {"covered": views.covers(row, work.today)} for one in lines.dependents(work, [rights_id])],
        "history": [{**views.movement(move, table), "decided_by": DECIDERS[move.source]} for move in lines.movements(work, rights_id)],
        "possible": radiations.buttons(work, radiation.one(work, rights_id)),
        "next_steps": [{"verb": verb, "label": label} for verb, label in next_steps(ended=row.status == Status.ENDED).items()],
    }


def _companies(work: Work, asked: dict[str, Any]) -> tuple[str, ...]:
    """The companies looked at: all of the perimeter, or the one that the filters name, if it is hers."""
    mine = access.sees_nir(work.actor) if asked.get("nir") else frozenset(work.actor.grants)
    if asked.get("nir") and not mine:
        raise NumbersReserved
    named = {siren for siren in (asked["siren"], asked["siret"] and asked["siret"][:9]) if siren}
    return tuple(sorted(mine & named if len(named) == 1 else () if named else mine))


def _establishments(work: Work, asked: dict[str, Any], sirens: tuple[str, ...]) -> tuple[str, ...] | None:
    of_number = (asked["siret"],) if asked["siret"] else None
    if not asked["establishment"]:
        return of_number
    named = choices.named(work, sirens, asked["establishment"])
    return named if of_number is None else tuple(siret for siret in of_number if siret in named)


def _keys(number: str | None) -> tuple[bytes, ...] | None:
    key = person_key(number)
    return None if key is None else (key,)


def _next(work: Work, sort: str, last: Any) -> str:
    return pages.cursor(work, sort, [last._mapping[f"key{rank}"] for rank in range(len(access.keys_of(sort)))])


def _choice(value: str, label: str) -> dict[str, str]:
    return {"value": value, "label": label}


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
