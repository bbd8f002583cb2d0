"""The tables of identity, by noun."""

from services.identity.models.accounts import Account, Habilitation
from services.identity.models.acts import PendingAct
from services.identity.models.applicants import AccessRequest, Applicant, Link
from services.identity.models.base import VAULT, Base
from services.identity.models.factors import PasswordReset, RecoveryCode, SmsBudget, TotpEnrolment
from services.identity.models.invitations import Invitation
from services.identity.models.oidc import OidcAttempt, OidcLink
from services.identity.models.openings import Opening, TermsAcceptance
from services.identity.models.own import AccountExport, Consent, ContactChange
from services.identity.models.proofs import Activation, Challenge, Code, Hit
from services.identity.models.sessions import Device, RefreshToken, Session

__all__ = [
    "VAULT",
    "AccessRequest",
    "Account",
    "AccountExport",
    "Activation",
    "Applicant",
    "Base",
    "Challenge",
    "Code",
    "Consent",
    "ContactChange",
    "Device",
    "Habilitation",
    "Hit",
    "Invitation",
    "Link",
    "OidcAttempt",
    "OidcLink",
    "Opening",
    "PasswordReset",
    "PendingAct",
    "RecoveryCode",
    "RefreshToken",
    "Session",
    "SmsBudget",
    "TermsAcceptance",
    "TotpEnrolment",
]
