"""Reimbursements and décomptes as the member reads them, takes them away, and is told why (S0:139-154, S3:125-150, S4:115-132)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from services.members.access import reimbursements as access
from services.members.config import Work
from services.members.errors import PaperTooLong
from services.members.models import Reimbursement, Statement
from services.members.rules import contents
from services.members.rules.contents import Content
from services.members.rules.reimbursements import PAID_TO_LABELS

MOST_ON_PAPER = 1_000
"""Lines of one PDF; a spreadsheet takes any number."""


def mine(work: Work, *, after: uuid.UUID | None, limit: int, **narrowing: Any) -> dict[str, Any]:
    """A page of lines, paid last first."""
    rows = work.session.scalars(_asked(work, after=after, **narrowing).limit(limit + 1)).all()
    page = rows[:limit]
    return {"items": [shown(row) for row in page], "next": page[-1].id if len(rows) > limit else None}


def one(work: Work, reimbursement_id: uuid.UUID) -> dict[str, Any]:
    """A line with who paid what and why. Raises ``NotFound``."""
    row = access.one(work, reimbursement_id)
    told, statement = contents.read(row.content), access.statement_of(work, row)
    return {
        **_line(row, told),
        "base": row.base,
        "rate": told.rate,
        "quantity": told.quantity,
        "coefficient": told.coefficient,
        "care_ends_on": told.ends_on,
        "qualifier": told.qualifier,
        "steps": told.steps,
        "fund": statement.fund,
        "statement_number": statement.number,
    }


def taken(work: Work, **narrowing: Any) -> Iterator[dict[str, Any]]:
    """The same lines for a file, as they are read."""
    for (row,) in work.session.told(_asked(work, after=None, **narrowing)):
        yield shown(row)


def on_paper(work: Work, **narrowing: Any) -> list[dict[str, Any]]:
    """The same lines for a PDF. Raises ``PaperTooLong``."""
    rows = work.session.scalars(_asked(work, after=None, **narrowing).limit(MOST_ON_PAPER + 1)).all()
    if len(rows) > MOST_ON_PAPER:
        raise PaperTooLong(most=MOST_ON_PAPER)
    return [shown(row) for row in rows]


def statements(work: Work, *, after: uuid.UUID | None, limit: int, **narrowing: Any) -> dict[str, Any]:
    """A page of décomptes, the latest first, with what their lines come to."""
    rows = work.session.scalars(access.latest_statements(work, after=after, **narrowing).limit(limit + 1)).all()
    page = rows[:limit]
    lines = _by_statement(access.lines_of(work, [row.id for row in page]))
    return {"items": [_statement(row, lines[row.id]) for row in page], "next": page[-1].id if len(rows) > limit else None}


def statement(work: Work, statement_id: uuid.UUID) -> dict[str, Any]:
    """One décompte with its lines: what it says never changes. Raises ``NotFound``."""
    row = access.statement(work, statement_id)
    lines = access.lines_of(work, [row.id])
    return {**_statement(row, lines), "lines": [shown(line) for line in lines]}


def shown(row: Reimbursement) -> dict[str, Any]:
    """A line of the list (S3:139-145)."""
    return _line(row, contents.read(row.content))


def _line(row: Reimbursement, told: Content) -> dict[str, Any]:
    return {
        "id": row.id,
        "statement_id": row.statement_id,
        "paid_on": row.paid_on,
        "care_on": row.care_on,
        "beneficiary": {"id": row.beneficiary_id, "first_name": told.first_name, "last_name": told.last_name},
        "act": told.act,
        "care": told.label,
        "cost": row.cost,
        "base_scheme": row.base_scheme,
        "complementary": row.complementary,
        "left": row.left_to_pay,
        "paid_to": row.paid_to,
        "paid_to_label": PAID_TO_LABELS[row.paid_to],  # type: ignore[index]  # written from one
    }


def _asked(work: Work, *, after: uuid.UUID | None, since: date | None, until: date | None, beneficiary: uuid.UUID | None) -> Any:
    return access.latest_first(access.narrowed(access.own(work), since=since, until=until, beneficiary=beneficiary), after=after)


def _by_statement(rows: Iterable[Reimbursement]) -> Mapping[uuid.UUID, Sequence[Reimbursement]]:
    return {key: list(lines) for key, lines in groupby(rows, key=lambda row: row.statement_id)}


def _statement(row: Statement, lines: Sequence[Reimbursement]) -> dict[str, Any]:
    patient = shown(lines[0])["beneficiary"]
    return {
        "id": row.id,
        "fund": row.fund,
        "number": row.number,
        "issued_on": row.issued_on,
        "beneficiary": patient,
        "count": len(lines),
        "cost": _sum(line.cost for line in lines),
        "complementary": _sum(line.complementary for line in lines),
    }


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))
