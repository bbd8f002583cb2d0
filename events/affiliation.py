"""What affiliation tells: the journey sent → started → finalised → abandoned (S1:200-249)."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

from events.accesses import FileOpened
from events.copies import CopyPart
from events.fact import Fact, Sealed

Medium = Literal["email", "post"]
Kinship = Literal["spouse", "child", "other"]


class _Journey(Fact, frozen=True, kw_only=True, omit_defaults=True):
    affiliation_id: UUID
    siren: str
    siret: str

    @property
    def subject(self) -> str:
        return f"affiliation:{self.affiliation_id}"


class Sent(_Journey, frozen=True, kw_only=True):
    """The form is on its way to the employee, by e-mail or by post. ``address`` lines are separated by line feeds."""

    name = "affiliation.sent.v1"
    medium: Medium
    establishment_name: str
    first_name: Sealed
    last_name: Sealed
    email: Sealed | None = None
    address: Sealed | None = None


class Relaunched(_Journey, frozen=True, kw_only=True):
    """The employer reminded an employee who has not answered: a new link kills the older (S1:249)."""

    name = "affiliation.relaunched.v1"
    medium: Medium
    establishment_name: str
    first_name: Sealed
    last_name: Sealed
    email: Sealed | None = None
    address: Sealed | None = None


class Started(_Journey, frozen=True, kw_only=True):
    """The employee opened the form and saved a first draft (S1:245)."""

    name = "affiliation.started.v1"


class ContactGiven(_Journey, frozen=True, kw_only=True):
    """The employee gave an e-mail address: from now on a code goes there, whatever the first medium was."""

    name = "affiliation.contact_given.v1"
    email: Sealed


class Dependent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An ayant droit as declared in the form. ``nir`` has 15 characters; a child may have none yet. ``birth_on`` is ISO."""

    kinship: Kinship
    first_name: Sealed
    last_name: Sealed
    birth_on: Sealed
    nir: Sealed | None = None


class Finalised(_Journey, frozen=True, kw_only=True):
    """The complete form came back, online or on paper (S1:246): members opens the rights from it.

    ``nir`` has 15 characters, ``birth_on`` is ISO ``yyyy-mm-dd``, ``address`` lines are separated by line feeds.
    """

    name = "affiliation.finalised.v1"
    contract_reference: str
    professional_status: str
    starts_on: date
    first_name: Sealed
    last_name: Sealed
    birth_on: Sealed
    nir: Sealed
    iban: Sealed
    email: Sealed | None = None
    phone: Sealed | None = None
    address: Sealed | None = None
    dependents: tuple[Dependent, ...] = ()
    via: Literal["online", "paper"] = "online"


class Abandoned(_Journey, frozen=True, kw_only=True):
    """The journey was interrupted; a new one starts from the beginning (S1:247)."""

    name = "affiliation.abandoned.v1"
    by: Literal["employer", "caseworker", "timer"]


class AffiliationOpened(FileOpened, frozen=True, kw_only=True):
    """An affiliation, its bulletin or a list of them was opened by somebody else than the person."""

    name = "affiliation.file_opened.v1"


class AffiliationPart(CopyPart, frozen=True, kw_only=True):
    """What affiliation holds: the forms of the person, and their history."""

    name = "affiliation.copy_part.v1"
