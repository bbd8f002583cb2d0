"""The Excel file of employees. Every cell is text: nothing in it can become a formula, no number loses its last digits."""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from chassis.labels import _

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = _("Salariés affiliés")
WIDTHS = (30, 22, 30, 18, 22, 18, 18, 14, 14, 16)
AS_TEXT = "@"
LONGEST_CELL = 32_767
SPACES = re.compile(r"\s")


@dataclass(frozen=True)
class Mark:
    """Who made the file and when: written into its properties."""

    who: str
    at: datetime


def workbook(header: Sequence[str], rows: Iterable[Sequence[str]], mark: Mark) -> bytes:
    """The file: one sheet, a fixed header, one line a row."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    _lay_out(sheet, len(header))
    sheet.append([_heading(sheet, title) for title in header])
    for row in rows:
        sheet.append([_text(sheet, value) for value in row])
    _mark(book, mark)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def file_name(today: date, siret: str | None) -> str:
    """``salaries-affilies-12345678200010-2026-07-01.xlsx``."""
    return "-".join(part for part in ("salaries-affilies", siret, f"{today:%Y-%m-%d}") if part) + ".xlsx"


def visible(value: str) -> str:
    """A text that a sheet can hold: plain spaces, no control character (openpyxl raises on one, and the whole file is lost), nothing too
    long."""
    return "".join(character for character in SPACES.sub(" ", value) if character.isprintable())[:LONGEST_CELL]


def _lay_out(sheet: Any, columns: int) -> None:
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}1"
    for index, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def _heading(sheet: Any, title: str) -> Any:
    cell = _text(sheet, title)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F2937")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def _text(sheet: Any, value: str) -> Any:
    """A cell forced to text: a value that begins with « = » stays what was typed."""
    cell = WriteOnlyCell(sheet, value=visible(value))
    cell.data_type = "s"
    cell.number_format = AS_TEXT
    return cell


def _mark(book: Workbook, mark: Mark) -> None:
    at = mark.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.creator = mark.who
    book.properties.lastModifiedBy = mark.who
    book.properties.created = book.properties.modified = at
    book.properties.title = SHEET
    when = f"{at:%d/%m/%Y à %H:%M} UTC"
    book.properties.description = _("Document nominatif, extrait par {who} le {when}.").format(who=mark.who, when=when)
