"""What payroll feeds tell, read from DSN files (norme NEODeS, cahier technique 2026): radiations, affiliations, changed keys.

Facts repeat what the declaration says; what it means for somebody's rights is decided by members, who folds them.
"""

from datetime import date
from typing import Literal

import msgspec

from events.fact import Fact, Sealed

Nature = Literal["01", "04", "05", "07", "08", "09", "10"]
DeclarationType = Literal["normal", "without_individual", "replaces", "cancels", "replaces_without_individual"]


class Rank(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """How a declaration is named by another one (S20.G00.05.006 = 05.007 + 05.004); ranks of one establishment compare."""

    built_on: date
    number: int


class Declaration(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The key of a declaration: SIRET + nature + rank. ``month`` is the first day of the declared month (monthly only).

    ``target`` is the rank of the earlier declaration that this one replaces or cancels.
    """

    siret: str
    nature: Nature
    type: DeclarationType
    rank: Rank
    month: date | None = None
    fraction: str = "11"
    target: Rank | None = None

    @property
    def siren(self) -> str:
        return self.siret[:9]


class Employment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One spell of employment as the payroll names it: person (NIR of 13 characters, else NTT) + start (40.001) + number (40.009).

    ``nature`` is 40.007; ``seniority_months`` S21.G00.86 of type 07 when present; ``birth_on`` is ISO, or ``JJMMAAAA`` as written
    when day or month is unknown.
    """

    starts_on: date
    number: str
    last_name: Sealed
    first_name: Sealed
    birth_on: Sealed
    nir: Sealed | None = None
    ntt: Sealed | None = None
    nature: str = ""
    seniority_months: int | None = None


class Cover(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One insurer contract that the spell is attached to (S21.G00.15 and .70)."""

    contract_reference: str
    insurer_code: str
    option: str = ""
    population: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


class _Declared(Fact, frozen=True, kw_only=True, omit_defaults=True):
    declaration: Declaration


class _Spoken(_Declared, frozen=True, kw_only=True, omit_defaults=True):
    employment: Employment
    covers: tuple[Cover, ...] = ()

    @property
    def subject(self) -> str:
        return f"employment:{self.declaration.siret}/{self.employment.number}"


class Radiation(_Spoken, frozen=True, kw_only=True):
    """An employment ended (``cause`` employment: S21.G00.62) or a cover ended while employment goes on (cause cover: 70.015).

    ``ended_on`` is the last day in the company, or of cover; ``motive`` is 62.002 (three digits, absent for a cover);
    ``maintained`` is 62.016 = '01': the cover goes on. Whether it replaces or cancels an earlier one is in ``declaration``.
    """

    name = "dsn.radiation.v1"
    cause: Literal["employment", "cover"]
    ended_on: date
    motive: str | None = None
    maintained: bool = False


class AffiliationSeen(_Spoken, frozen=True, kw_only=True):
    """The payroll attaches somebody to a contract of ours (a S21.G00.70, or an ADV of nature 08)."""

    name = "dsn.affiliation_seen.v1"


class IdentityChanged(_Spoken, frozen=True, kw_only=True):
    """The person is known by another NIR, name or birth date since ``changed_on`` (S21.G00.31)."""

    name = "dsn.identity_changed.v1"
    changed_on: date
    former_nir: Sealed | None = None
    former_last_name: Sealed | None = None
    former_first_name: Sealed | None = None
    former_birth_on: Sealed | None = None


class EmploymentChanged(_Spoken, frozen=True, kw_only=True):
    """The spell is known by another SIRET, number or start since ``changed_on`` (S21.G00.41): re-key, never radiate."""

    name = "dsn.employment_changed.v1"
    changed_on: date
    former_siret: str | None = None
    former_number: str | None = None
    former_starts_on: date | None = None


class NobodyCovered(_Declared, frozen=True, kw_only=True):
    """An establishment says that a contract covers nobody there (15.004 = '02')."""

    name = "dsn.nobody_covered.v1"
    contract_reference: str
    insurer_code: str

    @property
    def subject(self) -> str:
        return f"establishment:{self.declaration.siret}"


class DeclarationTaken(_Declared, frozen=True, kw_only=True):
    """A declaration was read to its end: ``individuals`` people, ``facts`` facts told. Later ones replace or cancel it by its rank."""

    name = "dsn.declaration_taken.v1"
    individuals: int
    facts: int

    @property
    def subject(self) -> str:
        return f"establishment:{self.declaration.siret}"
