"""A month of a country as DSN files, one envoi a company after the other, drawn from the shipped month; written as it is made."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from feeds.dsn.tree import ADHESION, PERSON, TRAILER
from feeds.dsn.writer import MONTHLY_SAMPLE, Pair, counted, sample
from tests.bench.payrolls import CONTRACT, FIRST_MONTH, HIRED, LEAVES, Employee, _turn
from tests.feeds.files import pairs

COMPANY_CODES = ("S10.G00.01.001", "S21.G00.06.001")
NIC_CODES = ("S10.G00.01.002", "S21.G00.06.002", "S21.G00.11.001")
NUMBER_CODES = ("S21.G00.40.009", "S21.G00.78.006", "S21.G00.86.005")


def write(path: Path, people: Sequence[Employee], month: int = 0) -> int:
    """The file, and how many facts it tells: everybody's affiliation, the end of who leaves, and that each declaration was read."""
    facts = 0
    with path.open("wb") as stream:
        for siret, staff in groupby(people, key=lambda one: one.siret):
            employees = list(staff)
            stream.write("".join(f"{code},'{value}'\n" for code, value in _envoi(siret, employees, month)).encode("latin-1"))
            facts += len(employees) + sum(_leaves(one, month) for one in employees) + 1
    return facts


def _leaves(one: Employee, month: int) -> bool:
    return _turn(LEAVES, one.place, month)


def _template() -> tuple[list[Pair], list[Pair], list[Pair]]:
    """The heading of the sample with its first contract, its first employee, its trailer."""
    lines = pairs(sample(MONTHLY_SAMPLE))
    begins = [place for place, (code, _) in enumerate(lines) if code == f"{PERSON}.001"]
    end = next(place for place, (code, _) in enumerate(lines) if code[:10] == TRAILER)
    contract = next(place for place, (code, _) in enumerate(lines) if code == f"{ADHESION}.001") + 5
    return lines[:contract], lines[begins[0] : begins[1]], lines[end:]


HEADING, EMPLOYEE, END = _template()


def _envoi(siret: str, staff: Sequence[Employee], month: int) -> list[Pair]:
    year, place = divmod(FIRST_MONTH + month, 12)
    told = dict.fromkeys(COMPANY_CODES, siret[:9]) | dict.fromkeys(NIC_CODES, siret[9:])
    told |= {"S20.G00.05.005": f"01{place + 1:02d}{year}", "S20.G00.05.007": f"28{place + 1:02d}{year}", f"{ADHESION}.001": CONTRACT}
    heading = [(code, told.get(code, value)) for code, value in HEADING]
    return counted([*heading, *(pair for one in staff for pair in _person(one, month, f"{place + 1:02d}{year}")), *END])


def _person(one: Employee, month: int, period: str) -> Iterator[Pair]:
    told = {
        f"{PERSON}.001": one.nir13,
        f"{PERSON}.002": one.last_name,
        f"{PERSON}.006": f"040419{one.nir13[1:3]}",
        "S21.G00.40.001": f"{HIRED:%d%m%Y}",
    } | dict.fromkeys(NUMBER_CODES, one.number(0))
    for code, value in EMPLOYEE:
        yield code, told.get(code, value)
        if code == "S21.G00.70.013" and _leaves(one, month):
            yield from (("S21.G00.62.001", f"15{period}"), ("S21.G00.62.002", "043"))
