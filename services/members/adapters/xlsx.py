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
from chassis.sheets import LONGEST_CELL, Mark, Table, visible

SHEET_FILE = "xl/worksheets/sheet%d.xml"
ROWS_AT_ONCE = 500

CELL = '<c r="{column}%d" s="{style}" t="inlineStr"><is><t xml:space="preserve">%s</t></is></c>'
SAMPLE_ROW = re.compile(r'<row r="2".*</row>', re.DOTALL)
STYLE = re.compile(r' s="(\d+)"')
WORKBOOK_FILE = "xl/workbook.xml"


def workbook(tables: Iterable[Table], mark: Mark) -> Iterator[bytes]:
    """The file, piece by piece: a sheet for each table, its titles, one line a row. The first piece waits for no row."""
    told = list(tables)
    out, frame = _Out(), _Frame(told, mark)
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in frame.names:
            archive.writestr(name, frame.part(name))
        yield out.taken()
        for sheet in frame.sheets:
            with archive.open(sheet.file, "w", force_zip64=True) as file:
                for lines in sheet.told():
                    file.write(lines.encode())
                    yield out.taken()
        archive.writestr(WORKBOOK_FILE, frame.book())
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


class _Sheet:
    """A sheet with its titles, made by openpyxl, cut where the rows go; ``last`` is the number of its last line."""

    def __init__(self, file: str, table: Table, empty: str) -> None:
        sample = SAMPLE_ROW.search(empty)
        style = sample and STYLE.search(sample.group())
        if sample is None or style is None:
            raise ValueError("the template has no sample row")
        self.file, self.last, self._rows = file, 1, table.rows
        self._end = get_column_letter(len(table.titles))
        self._before, self._after = empty[: sample.start()], empty[sample.end() :]
        cells = (CELL.format(column=get_column_letter(index), style=style[1]) for index in range(1, len(table.titles) + 1))
        self._row = f'<row r="%d">{"".join(cells)}</row>'

    def told(self) -> Iterator[str]:
        """Its XML, some rows at a time; the filter covers them all."""
        yield self._before
        for lines in _batches(self._rows):
            yield "".join(map(self.row, range(self.last + 1, self.last + 1 + len(lines)), lines))
            self.last += len(lines)
        yield self.covering(self._after, "A1:{end}{last}")

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

    def covering(self, xml: str, area: str) -> str:
        """XML whose area of one line now goes down to the last."""
        return xml.replace(area.format(end=self._end, last=1), area.format(end=self._end, last=self.last))


class _Frame:
    """An empty file with its sheets and their titles."""

    def __init__(self, tables: Sequence[Table], mark: Mark) -> None:
        self._archive = ZipFile(_template(tables, mark))
        self._named = [(table.name, SHEET_FILE % number) for number, table in enumerate(tables, start=1)]
        self.sheets = [_Sheet(file, table, self.part(file).decode()) for (_, file), table in zip(self._named, tables, strict=True)]

    @property
    def names(self) -> list[str]:
        """The parts that do not depend on the rows."""
        told = {WORKBOOK_FILE, *(file for _, file in self._named)}
        return [name for name in self._archive.namelist() if name not in told]

    def part(self, name: str) -> bytes:
        return self._archive.read(name)

    def book(self) -> str:
        """What names the sheets, and the area of each one's filter."""
        xml = self.part(WORKBOOK_FILE).decode()
        for (name, _), sheet in zip(self._named, self.sheets, strict=True):
            xml = sheet.covering(xml, f"'{name}'!$A$1:${{end}}${{last}}")
        return xml


def _batches(rows: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    source = iter(rows)
    while batch := list(islice(source, ROWS_AT_ONCE)):
        yield batch


def _template(tables: Sequence[Table], mark: Mark) -> io.BytesIO:
    """The file with its titles and one row a sheet, whose style the others take."""
    book = Workbook(write_only=True)
    for table in tables:
        sheet = book.create_sheet(table.name)
        sheets.lay_out(sheet, table.widths)
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.titles))}1"
        sheet.append([sheets.heading(sheet, title) for title in table.titles])
        sheet.append([sheets.text(sheet, title) for title in table.titles])
    sheets.sign(book, mark, tables[0].name)
    return io.BytesIO(sheets.saved(book))
