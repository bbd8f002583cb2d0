"""The tiers-payant card: its normalised block (Association Inter-AMC), its period, and what its DataMatrix carries."""

import base64
from dataclasses import dataclass
from datetime import date, timedelta

from services.members.rules.reasons import day

FORMAT = "AFF1"
SEPARATOR = "|"

__all__ = ["Beneficiary", "Block", "Card", "Guarantee", "check", "datamatrix", "day", "day_after", "period", "signed"]


@dataclass(frozen=True)
class Block:
    """The five data that a health professional needs; the first three find the routing address in the Annuaire AMC."""

    amc_number: str
    convention_type: str
    csr: str
    member_number: str
    starts_on: date
    ends_on: date

    @property
    def validity(self) -> str:
        return f"{day(self.starts_on)} – {day(self.ends_on)}"


@dataclass(frozen=True)
class Beneficiary:
    """A line of the card; ``nir`` is the printed form."""

    kinship: str
    last_name: str
    first_name: str
    birth_on: date
    nir: str


@dataclass(frozen=True)
class Guarantee:
    """A cell of the grid: a domain code (PHAR, HOSP…), its name, and what the contract pays."""

    domain: str
    label: str
    level: str


@dataclass(frozen=True)
class Card:
    """A card, as data: what JSON shows and what the PDF draws. ``check`` proves that we made it."""

    brand: str
    name: str
    regime: str
    mention: str
    contract_label: str
    employer: str
    block: Block
    responsible: bool
    check: str
    beneficiaries: tuple[Beneficiary, ...]
    guarantees: tuple[Guarantee, ...]

    @property
    def datamatrix(self) -> str:
        return datamatrix(self.block, self.responsible, self.check)


def period(starts_on: date, ends_on: date | None, today: date) -> tuple[date, date]:
    """The card's validity: the covered days of this civil year."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    return max(starts_on, first), min(ends_on or last, last)


def signed(block: Block, responsible: bool) -> str:
    """What the check covers: our own documented format, fields separated by ``|`` (no public format exists)."""
    dates = f"{block.starts_on:%Y%m%d}-{block.ends_on:%Y%m%d}"
    fields = (FORMAT, block.amc_number, block.convention_type, block.csr, block.member_number, dates, "R" if responsible else "")
    return SEPARATOR.join(fields)


def check(mac: bytes) -> str:
    """Sixteen characters of a keyed hash (80 bits), in the capitals that a DataMatrix packs best."""
    return base64.b32encode(mac[:10]).decode()


def datamatrix(block: Block, responsible: bool, proof: str) -> str:
    """The text of the symbol: the five data, the R of a « contrat responsable », the check."""
    return SEPARATOR.join((signed(block, responsible), proof))


def day_after(value: date) -> date:
    return value + timedelta(days=1)
