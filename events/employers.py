"""What employers tells: companies, establishments, and who may act for them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from events.copies import CopyPart
from events.fact import Fact, Sealed

Role = Literal["administrator", "user"]


class CompanyRegistered(Fact, frozen=True, kw_only=True):
    """A company joined the portfolio. ``emits_dsn`` says whether its rights follow the payroll (S1:312-314)."""

    name = "employers.company_registered.v1"
    siren: str
    company_name: str
    insurer: str
    emits_dsn: bool = True

    @property
    def subject(self) -> str:
        return f"company:{self.siren}"


class EstablishmentRegistered(Fact, frozen=True, kw_only=True):
    """An establishment (SIRET) of a company."""

    name = "employers.establishment_registered.v1"
    siret: str
    siren: str
    establishment_name: str

    @property
    def subject(self) -> str:
        return f"company:{self.siren}"


class ActivationRequested(Fact, frozen=True, kw_only=True):
    """SIRET and company identifier matched: identity proves the contact on file before anything opens (S1:57-90).

    The code goes to ``contact_email``; without one, to ``contact_address`` by letter.
    """

    name = "employers.activation_requested.v1"
    activation_id: UUID
    siren: str
    first_name: Sealed
    last_name: Sealed
    email: Sealed
    phone: Sealed | None = None
    contact_email: Sealed | None = None
    contact_address: Sealed | None = None

    @property
    def subject(self) -> str:
        return f"activation:{self.activation_id}"


class HabilitationGranted(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """An account may act for a company, with a role (S1:122-146). ``sees_nir``: a user may read whole NIRs too."""

    name = "employers.habilitation_granted.v1"
    account_id: UUID
    siren: str
    role: Role
    sees_nir: bool = False

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class HabilitationRevoked(Fact, frozen=True, kw_only=True):
    """An account may no longer act for a company."""

    name = "employers.habilitation_revoked.v1"
    account_id: UUID
    siren: str

    @property
    def subject(self) -> str:
        return f"account:{self.account_id}"


class InvitationSent(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """An administrator invites somebody to companies (S1:138-141): identity makes the link, which dies at ``expires_at``.

    Told again with ``reminder`` when the link is sent again: a newer link kills the older. ``company_names`` are the first few of
    ``companies``; ``inviter`` is a name.
    """

    name = "employers.invitation_sent.v1"
    invitation_id: UUID
    company_names: tuple[str, ...]
    companies: int
    first_name: Sealed
    last_name: Sealed
    email: Sealed
    inviter: Sealed | None = None
    expires_at: datetime
    reminder: bool = False

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation_id}"


class InvitationWithdrawn(Fact, frozen=True, kw_only=True):
    """Nothing is left of an invitation: its link opens nothing more."""

    name = "employers.invitation_withdrawn.v1"
    invitation_id: UUID

    @property
    def subject(self) -> str:
        return f"invitation:{self.invitation_id}"


class RightGained(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody gained a right on a company, or asks for one (``pending``): the ``administrators`` who were there are told."""

    name = "employers.right_gained.v1"
    habilitation_id: UUID
    siren: str
    account_id: UUID
    role: Role
    first_name: Sealed | None = None
    last_name: Sealed | None = None
    administrators: tuple[UUID, ...]
    pending: bool = False

    @property
    def subject(self) -> str:
        return f"company:{self.siren}"


class EmployersPart(CopyPart, frozen=True, kw_only=True):
    """What employers holds: for which companies the account acts."""

    name = "employers.copy_part.v1"
