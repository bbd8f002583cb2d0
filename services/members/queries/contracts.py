"""« Mes contrats »: what covers a company's people, what it costs, since when, and how many it covers today (S1:182)."""

import uuid
from collections.abc import Sequence
from typing import Any

from services.members.access import contracts as access
from services.members.access.contracts import ContractLine
from services.members.config import Work
from services.members.models import Company, Contract, Establishment
from services.members.rules import contributions

NOBODY = (0, 0)


def contracts(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the contracts of the companies managed, by company and reference."""
    rows = access.page(work, asked["siren"], asked["after"], asked["limit"] + 1)
    page = rows[: asked["limit"]]
    return {"items": _shown(work, page), "next": page[-1][0].id if len(rows) > len(page) else None}


def contract(work: Work, contract_id: uuid.UUID) -> dict[str, Any]:
    """One contract. Raises ``NotFound``."""
    return _shown(work, [access.line(work, contract_id)])[0]


def _shown(work: Work, lines: Sequence[ContractLine]) -> list[dict[str, Any]]:
    told = [line[0] for line in lines]
    if not told:
        return []
    places = access.places(work, told)
    covered = access.covered(work, [(contract.siren, contract.reference) for contract in told])
    return [
        {
            **_contract(work, contract, company),
            "establishments": [_place(one) for one in places if _concerns(contract, one)],
            **dict(zip(("insured_covered", "dependents_covered"), covered.get((contract.siren, contract.reference), NOBODY), strict=True)),
        }
        for contract, company in lines
    ]


def _contract(work: Work, contract: Contract, company: Company | None) -> dict[str, Any]:
    """What the contract says; while nobody told the names, the numbers."""
    insurer = contract.insurer_name or (company.insurer if company else contract.insurer_code)
    told = ("reference", "label", "population", "starts_on", "responsible", "plans", "guarantees")
    return {
        **{name: getattr(contract, name) for name in told},
        "contract_id": contract.id,
        "company": {"siren": contract.siren, "name": company.name if company else contract.siren},
        "insurer": {"code": contract.insurer_code, "name": insurer},
        "populations": contract.populations or [contract.population],
        "contributions": contributions.dated(contract.contributions, work.today),
        "whole_company": not contract.sirets,
    }


def _concerns(contract: Contract, place: Establishment) -> bool:
    return place.siren == contract.siren and (not contract.sirets or place.siret in contract.sirets)


def _place(establishment: Establishment) -> dict[str, Any]:
    return {"siret": establishment.siret, "name": establishment.name}
