"""Spreadsheets for people: every cell is text, so that nothing in one becomes a formula and no number loses its last digits.

Whoever fills a sheet with what a stranger typed passes here: one control character would make the library give the whole file up.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from chassis.labels import _

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AS_TEXT = "@"
LONGEST_CELL = 32_767
SPACES = re.compile(r"\s")


@dataclass(frozen=True)
class Mark:
    """Who made the file and when: written into its properties."""

    who: str
    at: datetime


@dataclass(frozen=True)
class Table:
    """A sheet to be told: its name, its titles with the widths of their columns, its rows as they come."""

    name: str
    titles: Sequence[str]
    widths: Sequence[float]
    rows: Iterable[Sequence[str]]


def visible(value: str) -> str:
    """A text that a sheet can hold: plain spaces, no control character (XML knows none, and the whole file is lost), nothing too long."""
    if not value.isprintable():
        value = "".join(character for character in SPACES.sub(" ", value) if character.isprintable())
    return value[:LONGEST_CELL]


def lay_out(sheet: Any, widths: Sequence[float]) -> None:
    """Columns of these widths, their titles always in sight."""
    sheet.freeze_panes = "A2"
    for index, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width


def heading(sheet: Any, title: str) -> Any:
    """The title of a column."""
    cell = text(sheet, title)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="1F2937")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    return cell


def text(sheet: Any, value: str) -> Any:
    """A cell forced to text: a value that begins with « = » stays what was typed."""
    cell = WriteOnlyCell(sheet, value=visible(value))
    cell.data_type = "s"
    cell.number_format = AS_TEXT
    return cell


def fill(book: Workbook, name: str, titles: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float]) -> None:
    """A sheet more: titles, then one line a row."""
    sheet = book.create_sheet(name)
    lay_out(sheet, widths)
    sheet.append([heading(sheet, title) for title in titles])
    for row in rows:
        sheet.append([text(sheet, value) for value in row])


def sign(book: Workbook, mark: Mark, title: str) -> None:
    """Say in the file's properties what it is, who took it out and when: it names people."""
    at = mark.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.properties.creator = mark.who
    book.properties.lastModifiedBy = mark.who
    book.properties.created = book.properties.modified = at
    book.properties.title = title
    when = f"{at:%d/%m/%Y à %H:%M} UTC"
    book.properties.description = _("Document nominatif, extrait par {who} le {when}.").format(who=mark.who, when=when)


def saved(book: Workbook) -> bytes:
    """The file."""
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
