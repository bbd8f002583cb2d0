"""HTTP in and out, by noun."""

from services.members.schemas.contracts import CompanyContract, CompanyContracts, ContractCreated, ContractsQuery, NewContract
from services.members.schemas.employees import EmployeesQuery, ExportQuery, InsuredEmployeeDetail, InsuredEmployees
from services.members.schemas.rights import (
    AccessesQuery,
    CardAnswer,
    ContactBody,
    FactsQuery,
    FeedFacts,
    MyAccesses,
    MyBeneficiaries,
    MyContact,
    MyContracts,
    MyRights,
    ProofBody,
)

__all__ = [
    "AccessesQuery",
    "CardAnswer",
    "CompanyContract",
    "CompanyContracts",
    "ContactBody",
    "ContractCreated",
    "ContractsQuery",
    "EmployeesQuery",
    "ExportQuery",
    "FactsQuery",
    "FeedFacts",
    "InsuredEmployeeDetail",
    "InsuredEmployees",
    "MyAccesses",
    "MyBeneficiaries",
    "MyContact",
    "MyContracts",
    "MyRights",
    "NewContract",
    "ProofBody",
]
