"""The tables of identity, by noun."""

from services.identity.models.accounts import Account, Habilitation
from services.identity.models.applicants import AccessRequest, Applicant, Link
from services.identity.models.base import VAULT, Base
from services.identity.models.proofs import Activation, Challenge, Code, Hit
from services.identity.models.sessions import Device, Session

__all__ = [
    "VAULT",
    "AccessRequest",
    "Account",
    "Activation",
    "Applicant",
    "Base",
    "Challenge",
    "Code",
    "Device",
    "Habilitation",
    "Hit",
    "Link",
    "Session",
]
