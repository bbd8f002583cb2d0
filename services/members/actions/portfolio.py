"""The portfolio as members knows it: contracts opened by caseworkers, names told by employers."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from events.members import ContractOpened
from services.members.access.payroll import keys_under
from services.members.access.rights import contract, must_handle
from services.members.actions.establishments import recognise
from services.members.actions.payroll import settle
from services.members.config import Work
from services.members.errors import ContractExists, of_another_company, unknown_brand
from services.members.models import Company, Contract, Establishment


def open_contract(work: Work, form: dict[str, Any]) -> Contract:
    """Open a company's contract, in the caseworker's brand unless told otherwise. Raises ``Forbidden``, ``Invalid``, ``ContractExists``."""
    must_handle(work)
    if any(siret[:9] != form["siren"] for siret in form["sirets"]):
        raise of_another_company()
    branded = _in_brand(work, form.pop("brand"))
    if contract(branded, form["siren"], form["reference"]):
        raise ContractExists
    card = form.pop("card")
    form["contributions"] = [told | {"starts_on": told["starts_on"].isoformat()} for told in form["contributions"]]
    opened = Contract(brand=branded.brand_key, opened_at=work.now, **form, **card)
    work.session.add(opened)
    work.session.flush()
    branded.emit(
        ContractOpened(
            contract_id=opened.id, reference=opened.reference, siren=opened.siren, label=opened.label, starts_on=opened.starts_on
        )
    )
    branded.audit("contract.opened", f"contract:{opened.id}", siren=opened.siren, reference=opened.reference)
    settle(branded, keys_under(branded, opened.siren, opened.reference))
    return opened


def name_companies(work: Work, rows: Iterable[dict[str, Any]]) -> None:
    """Keep what companies are called; the last word told wins."""
    _upsert(work, Company, ["brand", "siren"], rows)


def name_establishments(work: Work, rows: Iterable[dict[str, Any]]) -> None:
    """Keep what establishments are called; the last word told wins. What their payrolls said of them is then heard."""
    told = list(rows)
    _upsert(work, Establishment, ["brand", "siret"], told)
    recognise(work, {row["siret"] for row in told})


def _in_brand(work: Work, key: str | None) -> Work:
    """The same work in the brand that a form names, if it names one. Raises ``Invalid``."""
    if key is not None and key not in work.brands:
        raise unknown_brand()
    return work.for_brand(key or work.brand_key)


def _upsert(work: Work, table: type[Company] | type[Establishment], key: list[str], rows: Iterable[dict[str, Any]]) -> None:
    latest = {tuple(row[column] for column in key): row for row in rows}
    statement = insert(table).values(list(latest.values()))
    fresh = {name: column for name, column in statement.excluded.items() if name not in key}
    work.session.execute(statement.on_conflict_do_update(index_elements=key, set_=fresh))
