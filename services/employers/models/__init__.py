"""The tables of employers, by noun. What names a person, and a company's identifier, is sealed."""

from services.employers.models.activation import ActivationRequest, ActivationTry
from services.employers.models.acts import PendingAct
from services.employers.models.base import VAULT, Base, email_fingerprint, fingerprint
from services.employers.models.companies import Company, Establishment
from services.employers.models.habilitations import Account, Habilitation, Invitation

__all__ = [
    "VAULT",
    "Account",
    "ActivationRequest",
    "ActivationTry",
    "Base",
    "Company",
    "Establishment",
    "Habilitation",
    "Invitation",
    "PendingAct",
    "email_fingerprint",
    "fingerprint",
]
