"""What the employer exchanges with spreadsheets: the list of newcomers, its template (xlsx, CSV), the follow-up. Every cell is text.

A workbook comes from a stranger: its parts are measured before they are opened, its cells are read as a stream, formulas are not computed.
"""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from openpyxl import Workbook, load_workbook

from chassis import sheets
from chassis.labels import _
from chassis.sheets import Mark
from identifiers.text import folded
from services.affiliation.errors import UnreadableFile

CSV = "text/csv; charset=utf-8"
FOLLOW_UP = _("Suivi des affiliations")
WIDTH = 28.0
MOST_LINES = 5_000
MOST_WALKED = 50_000
"""Rows that are looked at, blank ones included."""
MOST_SHEETS, FEW = 3, 20
"""Sheets that are looked through for the titles, and rows in each."""
MOST_UNPACKED = 12_000_000
"""Bytes of all the parts of a workbook once unpacked: more is no list of newcomers."""
MOST_COLUMNS = 60
LONGEST_CELL = 1_000
DELIMITERS = ";,\t"

COLUMNS: Mapping[str, str] = {
    "siret": _("SIRET"),
    "contract_reference": _("Contrat"),
    "professional_status": _("Statut professionnel"),
    "starts_on": _("Date d'effet"),
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "birth_on": _("Date de naissance"),
    "nir": _("Numéro de sécurité sociale"),
    "email": _("E-mail"),
    "address": _("Adresse postale"),
}
"""The columns of the template, by the field that each fills in."""
NEEDED = frozenset({"siret", "contract_reference", "professional_status", "starts_on", "first_name", "last_name"})
HINTS: Mapping[str, str] = {
    "siret": _("14 chiffres"),
    "contract_reference": _("la référence du contrat, comme dans « Mes contrats »"),
    "professional_status": _("par exemple : Non cadre"),
    "starts_on": _("jj/mm/aaaa"),
    "birth_on": _("jj/mm/aaaa, facultative"),
    "nir": _("facultatif"),
    "email": _("sinon, remplissez l'adresse postale"),
    "address": _("le formulaire part par courrier quand il n'y a pas d'e-mail"),
}

NOT_A_SHEET = _("Envoyez un classeur Excel (.xlsx) ou un fichier CSV, sur le modèle à télécharger.")
TOO_BIG = _("Ce fichier est trop volumineux une fois ouvert : {most} lignes au plus.")
TOO_MANY = _("Ce fichier compte plus de {most} lignes : partagez-le.")
NO_COLUMN = _("Aucune feuille ne commence par les titres du modèle. Il manque : {titles}.")
NO_LINE = _("Ce fichier ne contient aucun salarié.")


class Row(NamedTuple):
    """A line of the file: its number as the spreadsheet shows it, and its filled cells by field."""

    number: int
    cells: dict[str, str]


def read(content: bytes) -> list[Row]:
    """The lines of a workbook or of a CSV file, blank ones left out. Raises ``UnreadableFile``."""
    lines = _workbook(content) if content.startswith(b"PK") else _csv(content)
    numbered = _filled(lines)
    _first, titles = next(numbered, (1, []))
    fields = _fields(titles)
    rows = [Row(number, _cells(fields, cells)) for number, cells in _at_most(numbered)]
    if not rows:
        raise UnreadableFile(NO_LINE)
    return rows


def _filled(lines: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """The lines that hold something, numbered as the spreadsheet does; a sheet of blank ones without end is not walked to its end."""
    for number, cells in enumerate(lines, start=1):
        if number > MOST_WALKED:
            raise UnreadableFile(TOO_BIG.format(most=MOST_LINES))
        if any(cells):
            yield number, cells


def _at_most(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for count, line in enumerate(lines):
        if count == MOST_LINES:
            raise UnreadableFile(TOO_MANY.format(most=MOST_LINES))
        yield line


def _fields(titles: Sequence[str]) -> list[str | None]:
    """The field under each title. Raises ``UnreadableFile`` for a missing column."""
    fields = _known(titles)
    if missing := [COLUMNS[field] for field in COLUMNS if field in NEEDED and field not in fields]:
        raise UnreadableFile(NO_COLUMN.format(titles=", ".join(missing)))
    return fields


def _known(titles: Sequence[str]) -> list[str | None]:
    """The field under each title, whatever its case, its accents and its hint."""
    known = {folded(title): field for field, title in COLUMNS.items()}
    return [known.get(folded(title.partition("(")[0])) for title in titles]


def _cells(fields: Sequence[str | None], cells: Sequence[str]) -> dict[str, str]:
    return {field: text.strip() for field, text in zip(fields, cells, strict=False) if field and text.strip()}


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
                raise UnreadableFile(TOO_BIG.format(most=MOST_LINES))
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        yield from _rows(_list_in(book.worksheets[:MOST_SHEETS]))
    except UnreadableFile:
        raise
    except Exception as error:  # the library raises what its parsers raise, whatever a stranger may have written
        raise UnreadableFile(NOT_A_SHEET) from error


def _list_in(sheets_: Sequence[Any]) -> Any:
    """The sheet that begins with the titles of the template: it may stand behind a cover, or behind « Mes contrats »."""
    headings = [next(filter(any, _rows(sheet, FEW)), []) for sheet in sheets_]
    found = (sheet for sheet, heading in zip(sheets_, headings, strict=True) if frozenset(_known(heading)) >= NEEDED)
    return next(found, None) or _fields(headings[0])


def _rows(sheet: Any, most: int | None = None) -> Iterator[list[str]]:
    return ([_text(value) for value in row] for row in sheet.iter_rows(max_col=MOST_COLUMNS, max_row=most, values_only=True))


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime() | date():
            return f"{value:%d/%m/%Y}"
        case float() if value.is_integer():
            return str(int(value))
    return str(value)[:LONGEST_CELL]


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableFile(NOT_A_SHEET)
    first_line = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first_line.count)
    try:
        yield from ([cell[:LONGEST_CELL] for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UnreadableFile(NOT_A_SHEET) from error


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 where its mark says so (« Texte Unicode » of Excel), else what older French spreadsheets write."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def follow_up(titles: Sequence[str], rows: Iterable[Sequence[str]], mark: Mark) -> bytes:
    """The follow-up as a workbook, signed by who takes it out."""
    book = Workbook(write_only=True)
    sheets.fill(book, FOLLOW_UP, titles, rows, [WIDTH] * len(titles))
    sheets.sign(book, mark, FOLLOW_UP)
    return sheets.saved(book)


def template_csv() -> bytes:
    """The titles alone, in the CSV that a French spreadsheet opens by a double click."""
    return codecs.BOM_UTF8 + (";".join(COLUMNS.values()) + "\r\n").encode()


def template_xlsx(offers: Iterable[tuple[str, str, str]]) -> bytes:
    """The template: titles with their hints, and a second sheet of the employer's own establishments and contracts to copy from.

    ``offers`` gives SIRET and name of an establishment with the reference of a contract that its employees may join.
    """
    titles = [_headed(field, title) for field, title in COLUMNS.items()]
    places = [COLUMNS["siret"], _("Etablissement"), COLUMNS["contract_reference"]]
    book = Workbook(write_only=True)
    sheets.fill(book, _("Nouveaux salariés"), titles, (), [WIDTH] * len(titles))
    sheets.fill(book, _("Mes contrats"), places, offers, [WIDTH] * len(places))
    return sheets.saved(book)


def _headed(field: str, title: str) -> str:
    return f"{title} ({HINTS[field]})" if field in HINTS else title
