"""What members does without being asked: load the care network that ships with it (``adapters/reference``, made by hand)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from services.members.access.care import locator
from services.members.actions import care
from services.members.actions.care import Edition
from services.members.adapters.care_files import READERS, Fault

FOLDER = Path(__file__).parent / "adapters" / "reference"
SHIPPED = {
    "communes": ("communes.csv.gz", date(2026, 1, 1)),
    "rpps": ("professionals.txt", date(2026, 6, 1)),
    "partners": ("partners.csv", date(2026, 6, 1)),
    "agencies": ("agencies.csv", date(2026, 6, 1)),
}
"""Kind → its file, and the day it speaks of, in the order that they are loaded: positions come from the communes."""


def ship(session: Session) -> None:
    """Load what ships and is not there yet. Raises ``ValueError`` for a line that cannot be read: the file is ours."""
    for kind, (name, told_on) in SHIPPED.items():
        edition = Edition(kind, sha256((FOLDER / name).read_bytes()).hexdigest()[:16], told_on, shipped=True)
        if care.is_due(session, edition):
            care.load(session, edition, _sound(READERS[kind](FOLDER / name, locator(session))), datetime.now(UTC))


def _sound(lines: Iterable[dict[str, Any] | Fault]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if isinstance(line, Fault):
            raise ValueError(f"line {line.line}: {line.sentence}")
        yield line
