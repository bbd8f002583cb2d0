"""The Excel file of employees, told as it is made. Every cell is text: nothing in it can become a formula, no number loses its last digits.

openpyxl makes the frame (styles, widths, header, properties); rows are written as sheet XML into a compressed stream, so that memory
does not grow with them. Source of the XML: ECMA-376, part 1, 18.3 (worksheets).
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from chassis import sheets
from chassis.labels import _
from chassis.sheets import LONGEST_CELL, Mark, visible

SHEET = _("Salariés affiliés")
SHEET_FILE = "xl/worksheets/sheet1.xml"
WIDTHS = (30, 22, 30, 18, 22, 18, 18, 14, 14, 16)
ROWS_AT_ONCE = 500

CELL = '<c r="{column}%d" s="{style}" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
SAMPLE_ROW = re.compile(r'<row r="2".*</row>', re.DOTALL)
STYLE = re.compile(r' s="(\d+)"')
WORKBOOK_FILE = "xl/workbook.xml"


def workbook(header: Sequence[str], rows: Iterable[Sequence[str]], mark: Mark) -> Iterator[bytes]:
    """The file, piece by piece: one sheet, a fixed header, one line a row. The first piece waits for no row."""
    out, frame, last = _Out(), _Frame(header, mark), 1
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in frame.names:
            archive.writestr(name, frame.part(name))
        yield out.taken()
        with archive.open(SHEET_FILE, "w", force_zip64=True) as sheet:
            sheet.write(frame.before.encode())
            for lines in _batches(rows):
                sheet.write("".join(map(frame.row, range(last + 1, last + 1 + len(lines)), lines)).encode())
                last += len(lines)
                yield out.taken()
            sheet.write(frame.after(last).encode())
        archive.writestr(WORKBOOK_FILE, frame.book(last))
    yield out.taken()


def file_name(today: date, siret: str | None) -> str:
    """``salaries-affilies-12345678200010-2026-07-01.xlsx``."""
    return "-".join(part for part in ("salaries-affilies", siret, f"{today:%Y-%m-%d}") if part) + ".xlsx"


class _Out(io.RawIOBase):
    """What the archive is written into: a stream that cannot be sought in, emptied after each batch of rows."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._pieces.append(bytes(content))
        return len(content)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self._pieces)
        self._pieces.clear()
        return piece


class _Frame:
    """An empty file with its header, made by openpyxl, cut where the rows go."""

    def __init__(self, header: Sequence[str], mark: Mark) -> None:
        self._archive, self._end = ZipFile(_template(header, mark)), get_column_letter(len(header))
        sheet = self.part(SHEET_FILE).decode()
        sample = SAMPLE_ROW.search(sheet)
        style = sample and STYLE.search(sample.group())
        if sample is None or style is None:
            raise ValueError("the template has no sample row")
        self.before, self._after = sheet[: sample.start()], sheet[sample.end() :]
        cells = (CELL.format(column=get_column_letter(index), style=style[1]) for index in range(1, len(header) + 1))
        self._row = f'<row r="%d">{"".join(cells)}</row>'

    @property
    def names(self) -> list[str]:
        """The parts that do not depend on the rows."""
        return [name for name in self._archive.namelist() if name not in (SHEET_FILE, WORKBOOK_FILE)]

    def part(self, name: str) -> bytes:
        return self._archive.read(name)

    def row(self, number: int, values: Sequence[str]) -> str:
        """A line of the sheet."""
        together = "".join(values)
        if not together.isprintable() or len(together) > LONGEST_CELL:
            values = [visible(value) for value in values]
        if "&" in together or "<" in together or ">" in together:
            values = [escape(value) for value in values]
        filled: list[Any] = [number] * (2 * len(values) + 1)
        filled[2::2] = values
        return self._row % tuple(filled)

    def after(self, last: int) -> str:
        """What follows the rows: the filter covers them all."""
        return self._after.replace(f"A1:{self._end}1", f"A1:{self._end}{last}")

    def book(self, last: int) -> str:
        return self.part(WORKBOOK_FILE).decode().replace(f"$A$1:${self._end}$1", f"$A$1:${self._end}${last}")


def _batches(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    source = iter(rows)
    while batch := list(islice(source, ROWS_AT_ONCE)):
        yield batch


def _template(header: Sequence[str], mark: Mark) -> io.BytesIO:
    """The file with its header and one row, whose style the others take."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheets.lay_out(sheet, WIDTHS)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}1"
    sheet.append([sheets.heading(sheet, title) for title in header])
    sheet.append([sheets.text(sheet, title) for title in header])
    sheets.sign(book, mark, SHEET)
    return io.BytesIO(sheets.saved(book))
