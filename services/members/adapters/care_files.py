"""The files that tell the care network, line by line: open registers, the insurer's own list, and what ships with Affilia.

Each reader yields a row for its table or a :class:`Fault`, or raises :class:`Unexpected`; what no specialty of ours covers is passed over.
Memory holds one line.
"""

import csv
import gzip
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from chassis.labels import _
from services.members.access.care import Locate
from services.members.rules import opening
from services.members.rules.places import Placed, spelt
from services.members.rules.specialties import of_establishment, of_person

LONGEST_LINE = 20_000
"""Bytes: a line of the Annuaire santé has about 400."""
RPPS_COLUMNS = 56
NUMBER, FAMILY_NAME, FIRST_NAME, PROFESSION, SKILL, STRUCTURE, COMPANY, SIGN = 1, 7, 8, 9, 16, 23, 24, 25
STREET, POSTCODE, INSEE, TOWN, PHONE = (28, 31, 32), 35, 36, 37, 40
"""Columns of ``PS_LibreAcces_Personne_activite``, from 0."""
RPPS = re.compile(r"[19][0-9]{10}")
"""Real numbers begin with 1; the demonstration's with 9."""
FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}")
FINESS_CELLS = 31
SITE, FINESS_NAME, FINESS_LONG, FINESS_STREET, DELIVERY, FINESS_PHONE, CATEGORY = 1, 3, 4, (7, 8, 9), 15, 16, 18
"""Cells of a ``structureet`` line of FINESS, the section's own name being 0."""
POSTCODED = re.compile(r"([0-9]{5}) (.+?)(?: CEDEX.*)?")
COMMUNES = ("insee", "name", "postcodes", "lat", "lon", "placed", "population")
PARTNERS = ("brand", "number", "third_party_payment", "network", "checked_on")
AGENCIES = ("brand", "reference", "name", "street", "postcode", "town", "phone", "hours")
YES_NO = {"oui": True, "non": False}
IDS = uuid.UUID("6a4c35e2-6f07-5d0a-9f3a-0b1f8f6f5c11")
"""Namespace of the ids of professionals: the same line of a register is the same row for ever."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line, by its number from 1."""

    line: int
    sentence: str


Row = dict[str, Any]
Cells = tuple[int, list[str]]


class Unexpected(Exception):
    """The file is not of the kind that was told: nothing of it is kept."""

    def __init__(self, line: int, sentence: str) -> None:
        super().__init__(_("ligne {line} : {sentence}").format(line=line, sentence=sentence))


class _Bad(ValueError):
    """A line that cannot be read; its message is a French sentence."""


def communes(file: Path, _locate: Locate) -> Iterator[Row | Fault]:
    """``communes.csv.gz``, as ``reference/build.py`` writes it."""
    return _read(_headed(file, COMMUNES), _commune)


def rpps(file: Path, locate: Locate) -> Iterator[Row | Fault]:
    """``PS_LibreAcces_Personne_activite``: 56 columns between bars, a header first."""
    return _read(_barred(file), lambda cells: _professional(cells, locate))


def finess(file: Path, locate: Locate) -> Iterator[Row | Fault]:
    """The extraction of FINESS: its ``structureet`` lines, the others passed over."""
    lines = ((number, text.split(";")) for number, text in _lines(file) if text.startswith("structureet;"))
    return _read(lines, lambda cells: _establishment(cells, locate))


def partners(file: Path, _locate: Locate) -> Iterator[Row | Fault]:
    """The insurer's own file: CSV, ``brand,number,third_party_payment,network,checked_on``, flags ``oui`` or ``non``."""
    return _read(_headed(file, PARTNERS), _partner)


def agencies(file: Path, locate: Locate) -> Iterator[Row | Fault]:
    """Agencies: CSV, ``brand,reference,name,street,postcode,town,phone,hours``."""
    return _read(_headed(file, AGENCIES), lambda cells: _agency(cells, locate))


READERS: Mapping[str, Callable[[Path, Locate], Iterator[Row | Fault]]] = {
    "communes": communes,
    "rpps": rpps,
    "finess": finess,
    "partners": partners,
    "agencies": agencies,
}
"""Kind of file → how it is read, in the order that they are loaded."""


def _read(lines: Iterator[Cells], row: Callable[[list[str]], Row | None]) -> Iterator[Row | Fault]:
    for number, cells in lines:
        try:
            _refuse_unprintable(cells)
            found = row(cells)
        except _Bad as bad:
            yield Fault(number, str(bad))
            continue
        if found is not None:
            yield found


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines without their end; UTF-8, else ISO-8859-1 (the older extractions of FINESS)."""
    with closing(_opened(file)) as source:
        number = 0
        while line := source.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise Unexpected(number, _("cette ligne est démesurée"))
            yield number, _decoded(line).rstrip("\r\n")


def _opened(file: Path) -> BinaryIO:
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]  # reads as one


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("iso-8859-1")


def _headed(file: Path, columns: tuple[str, ...]) -> Iterator[Cells]:
    """The lines of a CSV file whose header is ``columns``; a cell holds no line break."""
    for number, text in _lines(file):
        cells = next(csv.reader([text]), [])
        if number == 1 and tuple(cells) != columns:
            raise Unexpected(1, _("l'en-tête attendu est : {columns}").format(columns=",".join(columns)))
        if number > 1:
            yield number, cells


def _barred(file: Path) -> Iterator[Cells]:
    for number, text in _lines(file):
        cells = text.split("|")
        if number == 1 and (len(cells) != RPPS_COLUMNS or cells[NUMBER] != "Identifiant PP"):
            raise Unexpected(1, _("l'en-tête de l'Annuaire santé est attendu : 56 colonnes séparées par des barres"))
        if number > 1:
            yield number, cells


def _refuse_unprintable(cells: list[str]) -> None:
    if not all(cell.isprintable() for cell in cells):
        raise _Bad(_("elle contient un caractère de contrôle"))


def _commune(cells: list[str]) -> Row:
    _count(cells, len(COMMUNES))
    insee, name, postcodes, lat, lon, placed, population = cells
    where = {"lat": float(lat), "lon": float(lon), "placed": placed}
    return {"insee": insee, "name": name, "search_name": spelt(name), "postcodes": postcodes.split()} | where | {"population": population}


def _professional(cells: list[str], locate: Locate) -> Row | None:
    _count(cells, RPPS_COLUMNS)
    if not RPPS.fullmatch(cells[NUMBER]):
        raise _Bad(_("le numéro RPPS compte 11 chiffres et commence par 1"))
    specialty = of_person(cells[PROFESSION], cells[SKILL])
    if specialty is None or not cells[POSTCODE]:
        return None
    told = {"name": f"{cells[FIRST_NAME]} {cells[FAMILY_NAME]}".strip(), "organisation": cells[SIGN] or cells[COMPANY]}
    where = {"street": _joined(cells, STREET), "postcode": cells[POSTCODE], "town": cells[TOWN], "phone": cells[PHONE]}
    key = _key("rpps", cells[NUMBER], cells[STRUCTURE], specialty)
    return key | told | where | _position(locate(cells[INSEE], cells[POSTCODE]))


def _establishment(cells: list[str], locate: Locate) -> Row | None:
    if len(cells) < FINESS_CELLS:
        raise _Bad(_("{found} colonnes au lieu de {wanted}").format(found=len(cells), wanted=FINESS_CELLS))
    specialty, delivered = of_establishment(cells[CATEGORY]), POSTCODED.fullmatch(cells[DELIVERY].strip())
    if not FINESS.fullmatch(cells[SITE]):
        raise _Bad(_("le numéro FINESS compte 9 caractères"))
    if specialty is None or delivered is None:
        return None
    told = {"name": cells[FINESS_LONG] or cells[FINESS_NAME], "organisation": "", "street": _joined(cells, FINESS_STREET)}
    where = {"postcode": delivered[1], "town": delivered[2], "phone": cells[FINESS_PHONE]}
    return _key("finess", cells[SITE], "", specialty) | told | where | _position(locate("", delivered[1]))


def _partner(cells: list[str]) -> Row:
    _count(cells, len(PARTNERS))
    brand, number, pays, network, checked_on = cells
    if {pays, network} - YES_NO.keys():
        raise _Bad(_("« oui » ou « non » est attendu"))
    try:
        day = date.fromisoformat(checked_on)
    except ValueError:
        raise _Bad(_("la date « {day} » n'est pas lisible (AAAA-MM-JJ)").format(day=checked_on)) from None
    flags = {"third_party_payment": YES_NO[pays], "network": YES_NO[network]}
    return {"brand": brand, "number": number} | flags | {"checked_on": day.isoformat()}


def _agency(cells: list[str], locate: Locate) -> Row:
    _count(cells, len(AGENCIES))
    row = dict(zip(AGENCIES, cells, strict=True))
    try:
        opening.week(row["hours"])
    except ValueError as unreadable:
        raise _Bad(str(unreadable)) from None
    return row | _position(locate("", row["postcode"]))


def _count(cells: list[str], wanted: int) -> None:
    if len(cells) != wanted:
        raise _Bad(_("{found} colonnes au lieu de {wanted}").format(found=len(cells), wanted=wanted))


def _key(kind: str, number: str, structure: str, specialty: str) -> Row:
    key = uuid.uuid5(IDS, f"{kind}:{number}:{structure}:{specialty}")
    return {"id": str(key), "kind": kind, "number": number, "specialty": specialty}


def _position(placed: Placed | None) -> Row:
    if placed is None:
        raise _Bad(_("ni cette commune ni ce code postal ne sont connus"))
    return {"lat": placed.point.lat, "lon": placed.point.lon, "placed": placed.how}


def _joined(cells: list[str], places: tuple[int, ...]) -> str:
    return " ".join(cells[place] for place in places if cells[place])
