"""The tables of members, by noun. NIR, IBAN and contacts are sealed; a NIR is found again by the fingerprint of its thirteen characters."""

from services.members.models.base import SORTABLE, VAULT, Base
from services.members.models.care import Agency, Commune, CommunePostcode, Partner, Professional, ReferenceFile
from services.members.models.payroll import Anomaly, DsnFact, DsnOutcome
from services.members.models.people import Numbering, Person, PersonKey, person_key, search_name
from services.members.models.portfolio import Company, Contract, Establishment
from services.members.models.radiations import PendingAct, Radiation
from services.members.models.reimbursements import Reimbursement, Statement, beneficiary_id
from services.members.models.requests import Piece, PortabilityProof, PortabilityRequest
from services.members.models.rights import ENDS, Dependent, Movement, Rights
from services.members.models.views import MOST_VIEWS, SavedView

__all__ = [
    "ENDS",
    "MOST_VIEWS",
    "SORTABLE",
    "VAULT",
    "Agency",
    "Anomaly",
    "Base",
    "Commune",
    "CommunePostcode",
    "Company",
    "Contract",
    "Dependent",
    "DsnFact",
    "DsnOutcome",
    "Establishment",
    "Movement",
    "Numbering",
    "Partner",
    "PendingAct",
    "Person",
    "PersonKey",
    "Piece",
    "PortabilityProof",
    "PortabilityRequest",
    "Professional",
    "Radiation",
    "ReferenceFile",
    "Reimbursement",
    "Rights",
    "SavedView",
    "Statement",
    "beneficiary_id",
    "person_key",
    "search_name",
]
