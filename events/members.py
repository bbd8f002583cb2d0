"""What members tells: contracts, persons and their rights."""

from datetime import date
from typing import Literal
from uuid import UUID

from events.copies import CopyPart
from events.fact import Fact, Sealed

RightsStatus = Literal["active", "portability_pending", "portability", "ended"]
Source = Literal["affiliation", "dsn", "employer", "caseworker", "member"]


class ContractOpened(Fact, frozen=True, kw_only=True):
    """A company's collective contract: what an employee can be affiliated to. ``reference`` is the one the DSN names (15.001)."""

    name = "members.contract_opened.v1"
    contract_id: UUID
    reference: str
    siren: str
    label: str
    starts_on: date

    @property
    def subject(self) -> str:
        return f"company:{self.siren}"


class PersonRegistered(Fact, frozen=True, kw_only=True):
    """An insured person is known, with the contact data given at affiliation (S0:74)."""

    name = "members.person_registered.v1"
    person_id: UUID
    first_name: Sealed
    last_name: Sealed
    email: Sealed | None = None
    phone: Sealed | None = None

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


class AccountMatched(Fact, frozen=True, kw_only=True):
    """Exactly one insured person has the name, birth date and contract number of a form (S2:7). No match tells nothing."""

    name = "members.account_matched.v1"
    opening_id: UUID
    person_id: UUID

    @property
    def subject(self) -> str:
        return f"opening:{self.opening_id}"


class RightsOpened(Fact, frozen=True, kw_only=True):
    """Cover begins for a person and the dependents of the form."""

    name = "members.rights_opened.v1"
    rights_id: UUID
    person_id: UUID
    affiliation_id: UUID
    siren: str
    siret: str
    contract_label: str
    starts_on: date

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


class RightsChanged(Fact, frozen=True, kw_only=True):
    """The fold of facts gave another state (S1:306-314). ``ends_on`` is the last covered day, absent while cover is open.

    ``reason`` is a plain French sentence; ``motive`` the DSN code (62.002) when there is one;
    ``portability_months`` the length offered by CSS L911-8.
    """

    name = "members.rights_changed.v1"
    rights_id: UUID
    person_id: UUID
    siren: str
    siret: str
    status: RightsStatus
    reason: str
    source: Source
    ends_on: date | None = None
    motive: str | None = None
    portability_months: int | None = None
    portability_ends_on: date | None = None

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


class PortabilityAnswered(Fact, frozen=True, kw_only=True):
    """A portability that a member declared (S4:150-168) was received, or its proof, or all of it, refused for a ``reason``."""

    name = "members.portability_answered.v1"
    request_id: UUID
    rights_id: UUID
    person_id: UUID
    answer: Literal["received", "proof_refused", "refused"]
    reason: Sealed | None = None

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


class PortabilityProofDue(Fact, frozen=True, kw_only=True):
    """A portability goes on only while unemployment insurance pays (CSS L911-8): another proof is expected, at the latest ``until``."""

    name = "members.portability_proof_due.v1"
    rights_id: UUID
    person_id: UUID
    siret: str
    until: date

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


class MembersPart(CopyPart, frozen=True, kw_only=True):
    """What members holds: the person, rights, dependents. ``affiliations`` are the forms that these rights came from."""

    name = "members.copy_part.v1"
    affiliations: tuple[UUID, ...] = ()


class Reimbursed(Fact, frozen=True, kw_only=True):
    """Lines of a décompte were settled: something new stands among a person's reimbursements. What was cared for is not told.

    ``corrected`` says that it takes back what was paid before.
    """

    name = "members.reimbursed.v1"
    statement_id: UUID
    person_id: UUID
    paid_on: date
    corrected: bool = False

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"
