"""Reimbursements as a CSV file that a French spreadsheet opens: UTF-8 with its mark, « ; » between columns, decimal commas."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from chassis.labels import _
from chassis.sheets import visible
from services.members.rules.card import day

MEDIA_TYPE = "text/csv; charset=utf-8"
MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet would run."""
HEADER = (
    _("Date des soins"),
    _("Réglé le"),
    _("Bénéficiaire"),
    _("Soin"),
    _("Frais réels"),
    _("Assurance Maladie"),
    _("Complémentaire"),
    _("Reste à payer"),
    _("Payé à"),
)
AMOUNTS = ("cost", "base_scheme", "complementary", "left")


def written(lines: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """The file, line by line."""
    yield (MARK + _row(HEADER)).encode()
    for line in lines:
        yield _row(_cells(line)).encode()


def file_name(today: date) -> str:
    return f"remboursements-{today:%Y-%m-%d}.csv"


def _cells(line: Mapping[str, Any]) -> Iterator[str]:
    yield from (day(line["care_on"]), day(line["paid_on"]))
    yield from map(_plain, (f"{line['beneficiary']['first_name']} {line['beneficiary']['last_name']}", line["care"]))
    yield from (f"{line[name]:.2f}".replace(".", ",") for name in AMOUNTS)
    yield line["paid_to_label"]


def _plain(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(cells)
    return line.getvalue()
