"""What an employer reads of her companies' contracts: « Mes contrats » (S1:182)."""

import uuid
from typing import Any

from chassis import http
from services.members.queries import contracts
from services.members.schemas import CompanyContract, CompanyContracts, ContractsQuery

door = http.Door("company_contracts", __name__, url_prefix="/contracts", audience=("employer",), description="Mes contrats")


@door.get("")
@door.arguments(ContractsQuery, location="query")
@door.response(200, CompanyContracts, description="Une page de contrats, par entreprise")
def list_contracts(asked: dict[str, Any]) -> dict[str, Any]:
    """Lister les contrats collectifs des entreprises gérées"""
    return contracts.contracts(http.work(), asked)


@door.get("/<uuid:contract_id>")
@door.response(200, CompanyContract, description="Le contrat")
def show_contract(contract_id: uuid.UUID) -> dict[str, Any]:
    """Voir un contrat : formules, garanties, cotisations, établissements, personnes couvertes"""
    return contracts.contract(http.work(), contract_id)
