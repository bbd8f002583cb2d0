"""The Excel file of 200,000 employees: its writer beside bare openpyxl, then the whole export over HTTP, its first byte and its memory."""

import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import openpyxl
import psutil

from affilia.local import LocalPostgres
from chassis.sheets import Mark, Table
from chassis.testing import invented_keys
from services.members.adapters.xlsx import workbook
from services.members.queries.exports import EXPORT_HEADER, WIDTHS
from tests.bench.readings import Reading, at_most, in_turn, within
from tests.bench.staff import Staff, members, served

FEW, MANY = 20_000, 200_000
PATIENCE_S = 600
MARK = Mark("employer:1", datetime(2026, 7, 1, tzinfo=UTC))


class Export(NamedTuple):
    """Seconds to the first byte of the body and to the last; what the processes of the server had held at most, in MiB."""

    first_s: float
    whole_s: float
    peak: float


def run(rounds: int) -> list[Reading]:
    with tempfile.TemporaryDirectory(prefix="affilia-bench-") as name:
        folder = Path(name)
        found = in_turn(rounds, {"ours": lambda: _ours(folder), "openpyxl": lambda: _openpyxl(folder)})
        with LocalPostgres(folder / "postgres", durable=False) as postgres:
            few, many = (_exported(postgres, people, folder) for people in (FEW, MANY))
        return [
            at_most("Écriture de 200 000 lignes, au regard d'openpyxl", found["ours"], found["openpyxl"], 0.25),
            within("Premier octet de l'export de 200 000 lignes", many.first_s * 1000, 200, "ms", f"tout en {many.whole_s:.1f} s"),
            within("Mémoire de plus que pour 20 000 lignes", max(0.0, many.peak - few.peak), 10, "Mio", f"{many.peak:.0f} Mio"),
            within("Lignes perdues à la relecture (openpyxl)", MANY - _rows_by_openpyxl(folder / f"{MANY}.xlsx"), 0, "lignes"),
            *_by_libreoffice(folder),
        ]


def _lines() -> Iterator[tuple[str, ...]]:
    for number in range(MANY):
        who = (f"1800475{number:08d}", f"NOM{number % 5_000}", f"Prénom{number % 800}", f"{number % 28 + 1:02d}/03/1980")
        yield f"ÉTABLISSEMENT {number % 300}", "ACTIF NON CADRE", "BASE CCN HCR NC SEUL RG", *who, "01/02/2026", "-", "Non"


def _ours(folder: Path) -> float:
    started = time.process_time()
    with (folder / "ours.xlsx").open("wb") as file:
        file.writelines(workbook([Table("Salariés", EXPORT_HEADER, WIDTHS, _lines())], MARK))
    return time.process_time() - started


def _openpyxl(folder: Path) -> float:
    started = time.process_time()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in _lines():
        sheet.append(line)
    book.save(folder / "openpyxl.xlsx")
    return time.process_time() - started


def _exported(postgres: LocalPostgres, people: int, folder: Path) -> Export:
    """One export of a server of its own, kept in ``folder``; a first small answer has warmed it."""
    staff = Staff(postgres, invented_keys(), people, f"members{people}")
    try:
        with served(partial(members, staff.settings)) as (base, process):
            _download(base, "/employees?limit=1", staff.identity(), folder / "warm")
            first, whole = _download(base, "/employees/export.xlsx", staff.identity(), folder / f"{people}.xlsx")
            return Export(first, whole, _peak(process))
    finally:
        staff.bench.close()


def _download(base: str, path: str, headers: dict[str, str], file: Path) -> tuple[float, float]:
    """Seconds to the first byte and to the last."""
    connection, started = HTTPConnection(urlsplit(base).netloc, timeout=PATIENCE_S), time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    first = answer.read(1)
    first_s = time.perf_counter() - started
    with file.open("wb") as kept:
        kept.write(first)
        shutil.copyfileobj(answer, kept)
    return first_s, time.perf_counter() - started


def _peak(process: int) -> float:
    """The most that a process and its children have held, in MiB."""
    family = [psutil.Process(process), *psutil.Process(process).children(recursive=True)]
    held = [re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{one.pid}/status").read_text()) for one in family]
    return sum(int(found[1]) for found in held if found) / 1024


def _rows_by_openpyxl(file: Path) -> int:
    """The rows under the header."""
    book = openpyxl.load_workbook(file, read_only=True)
    return sum(1 for _ in book.worksheets[0].iter_rows()) - 1


def _by_libreoffice(folder: Path) -> list[Reading]:
    """The same where LibreOffice is installed; it says when a file needs repair by refusing it."""
    if (office := shutil.which("soffice")) is None:
        return []
    place = f"-env:UserInstallation=file://{folder}/office"
    command = [office, place, "--headless", "--convert-to", "csv", "--outdir", str(folder), str(folder / f"{FEW}.xlsx")]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_S)
    rows = len((folder / f"{FEW}.csv").read_text(errors="replace").splitlines()) - 1
    return [within("Lignes perdues à la relecture (LibreOffice, 20 000)", FEW - rows, 0, "lignes")]
