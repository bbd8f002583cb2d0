"""What is kept sealed of a line of décompte: what was done to whom, and how each part was reckoned."""

from datetime import date
from decimal import Decimal

import msgspec

from events.noemie import Care
from services.members.rules.reimbursements import Patient, Share
from services.members.rules.steps import Step


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A line as people read it. ``rate`` is the base scheme's, in percent."""

    act: str
    label: str
    first_name: str
    last_name: str
    rate: int
    quantity: int
    coefficient: Decimal
    ends_on: date | None
    qualifier: str
    steps: tuple[Step, ...]


def content(line: Care, patient: Patient, share: Share) -> str:
    """The text that a column seals."""
    told = Content(
        act=line.act,
        label=share.label,
        first_name=patient.first_name,
        last_name=patient.last_name,
        rate=line.rate,
        quantity=line.quantity,
        coefficient=line.coefficient,
        ends_on=line.ends_on,
        qualifier=line.qualifier,
        steps=share.steps,
    )
    return msgspec.json.encode(told).decode()


def read(text: str) -> Content:
    """The line inside."""
    return msgspec.json.decode(text, type=Content)
