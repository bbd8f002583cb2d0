"""The papers of the story: pieces that people upload, and the declarations that the payroll writes."""

import io
import json
from datetime import date
from functools import lru_cache
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from affilia.story.cast import Cast, Employee
from feeds.dsn import writer
from identifiers import invented

SAMPLE = Cast.of_the_sample()


def pdf(title: str) -> bytes:
    """A one-page PDF that carries its title."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 760, title)
    canvas.save()
    return buffer.getvalue()


def iban(seed: str) -> str:
    """An IBAN that no bank gave."""
    return invented.iban(seed)


@lru_cache
def lot(cast: Cast) -> bytes:
    """The sample lot, told of the people of ``cast``."""
    people = ("dominique", "charlie", "andrea")
    numbers = {getattr(SAMPLE, who).nir13: getattr(cast, who).nir13 for who in people}
    return writer.with_people(writer.sample(), siren=cast.siren, replacements=numbers | {SAMPLE.contract: cast.contract})


def declarations(cast: Cast) -> list[bytes]:
    """The five declarations of the lot, each as a file of its own: 043, its replacement, 088, its cancellation, a maintained cover."""
    return writer.split(lot(cast))


CARE: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("2026-05-20", "2026-05-27", {"act": "SC", "cost": "28.92", "base": "28.92", "rate": 60, "base_scheme": "17.35"}),
    ("2026-06-02", "2026-06-05", {"act": "G", "cost": "30.00", "base": "30.00", "rate": 70, "base_scheme": "19.00"}),
    (
        "2026-06-02",
        "2026-06-08",
        {"act": "PH7", "cost": "12.40", "base": "12.40", "rate": 65, "base_scheme": "7.06"}
        | {"paid_to": "third_party", "complementary_asked": "4.34", "complementary_paid": "4.34"},
    ),
)
"""A dentist, a doctor, and a pharmacist who was paid directly: the day of care, that of the décompte, and what the fund paid."""


def decomptes(cast: Cast) -> bytes:
    """What the fund tells of Dominique's care, one décompte a line."""
    told = [
        decompte(cast.dominique, f"{paid_on}{cast.tag}", date.fromisoformat(paid_on), line | {"starts_on": day})
        for day, paid_on, line in CARE
    ]
    return "\n".join(told).encode()


def decompte(employee: Employee, number: str, issued_on: date, line: dict[str, Any]) -> str:
    """One line of the neutral format (feeds/README)."""
    party = {"nir": employee.nir13, "birth_on": employee.birth_on.isoformat()}
    party |= {"first_name": employee.first_name, "last_name": employee.last_name}
    key = {"fund": "01751", "number": number, "issued_on": issued_on.isoformat(), "amc_number": "0099999999"}
    return json.dumps(key | {"party": party, "lines": [{"number": 1} | line]})
