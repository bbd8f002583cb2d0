"""What Assurance Maladie funds tell (NOEMIE): décomptes, one fact each, never altered; a correction is another one with negative lines.

Care is health data: whose it is and what was done travel sealed, as JSON texts that :func:`party`, :func:`care` and their inverses write
and read. Amounts are euros, as ``Decimal``.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta

from events.fact import Fact, Sealed

PaidTo = Literal["member", "third_party"]
Exoneration = Literal["ald", "maternity", "work_accident", "solidarity"]
Rank = Annotated[int, Meta(ge=1, le=9)]
T = TypeVar("T")


class Party(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Who is insured and who was cared for. ``nir`` is the insured person's (13 characters, no key); the rest is the patient's.

    ``rank`` tells twins apart (rang de naissance).
    """

    nir: str
    birth_on: date
    first_name: str
    last_name: str
    rank: Rank = 1


class Care(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line of a décompte (entity 210; SNDS ER_PRS_F names in brackets). Amounts of a correction are all negative.

    ``number`` is its place in the décompte (PRS_ORD_NUM), ``act`` the B2 letter (PRS_NAT_CB2), ``cost`` what was asked (PRS_PAI_MNT),
    ``base`` and ``rate`` what the fund refunded on (BSE_REM_BSE, RGO_REM_TAU), ``base_scheme`` what it paid (BSE_REM_MNT), all withholdings
    deducted. ``complementary_asked`` and ``complementary_paid`` are what the complementary was asked for and already paid (entity 199).
    ``paid_to`` received it (DRG_AFF_NAT). ``optam`` is about the doctor; ``qualifier`` is DPN_QLF.
    """

    number: Annotated[int, Meta(ge=1, le=999)]
    act: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{0,3}$")]
    starts_on: date
    cost: Decimal
    base: Decimal
    rate: Annotated[int, Meta(ge=0, le=100)]
    base_scheme: Decimal
    ends_on: date | None = None
    quantity: Annotated[int, Meta(ge=1, le=999)] = 1
    coefficient: Decimal = Decimal(1)
    complementary_asked: Decimal | None = None
    complementary_paid: Decimal | None = None
    paid_to: PaidTo = "member"
    optam: bool = True
    exoneration: Exoneration | None = None
    qualifier: Annotated[str, Meta(pattern=r"^[A-Z]{0,2}$")] = ""


class StatementTold(Fact, frozen=True, kw_only=True):
    """A fund paid care, or takes back what it paid, and says so to the complementary whose number is ``amc_number``.

    The key of a line is ``fund`` + ``number`` + the line's own number. ``issued_on`` is the accounting date; ``party`` and ``lines`` hold
    JSON (``Party``, a list of ``Care``).
    """

    name = "noemie.statement.v1"
    fund: str
    number: str
    issued_on: date
    amc_number: str
    party: Sealed
    lines: Sealed

    @property
    def subject(self) -> str:
        return f"statement:{self.fund}/{self.number}"


def party(told: Party) -> Sealed:
    """Who a décompte is about, ready to travel."""
    return Sealed(msgspec.json.encode(told).decode())


def care(lines: Sequence[Care]) -> Sealed:
    """The lines of a décompte, ready to travel."""
    return Sealed(msgspec.json.encode(list(lines)).decode())


def read_party(statement: StatementTold) -> Party:
    """Who a décompte is about. Raises ``msgspec.ValidationError`` or ``DecodeError``."""
    return _read(statement.party, Party)


def read_care(statement: StatementTold) -> tuple[Care, ...]:
    """The lines of a décompte, in its order. Raises ``msgspec.ValidationError`` or ``DecodeError``."""
    return _read(statement.lines, tuple[Care, ...])


def _read(text: Sealed, kind: type[T]) -> T:
    return msgspec.json.decode(text.value, type=kind)
