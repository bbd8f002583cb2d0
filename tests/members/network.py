"""A small care network for the stories: a few towns, all the invented professionals, the agencies that ship with Affilia."""

from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from affilia.care import Faults
from chassis.testing import Bench
from services.members.access.care import locator
from services.members.actions import care
from services.members.actions.care import Edition
from services.members.adapters.care_files import READERS, Fault
from services.members.tasks import FOLDER, SHIPPED

TOLD_ON = date(2026, 6, 1)
NEEDED = {"69003", "69006", "69100", "75011", "75015", "93200", "97400", "13001", "59000", "44000", "33000", "31000", "35000", "01400"}
"""The postcodes of the demonstration's professionals, a homonym of one of their towns, and a village shared by several."""


def settle_network(bench: Bench) -> None:
    """What ships, with the communes that are needed alone (35,000 take more than a second)."""
    for kind, (name, _day) in SHIPPED.items():
        with bench.running.working() as work:
            care.load(work.session, Edition(kind, "story", TOLD_ON), _shipped(kind, name, work.session), work.now)


def load(bench: Bench, kind: str, file: Path) -> list[Fault]:
    """A file as the command loads it; returns the lines that cannot be read."""
    faults = Faults()
    with bench.running.working() as work:
        rows = faults.aside(READERS[kind](file, locator(work.session)))
        care.load(work.session, Edition(kind, str(hash(file.read_bytes())), TOLD_ON), rows, work.now)
    return faults.first


READ: dict[str, list[dict[str, Any]]] = {}
"""What ships is read once for all stories."""


def _shipped(kind: str, name: str, session: Session) -> list[dict[str, Any]]:
    if kind not in READ:
        lines: Any = READERS[kind](FOLDER / name, locator(session))
        READ[kind] = [line for line in lines if kind != "communes" or NEEDED & set(line["postcodes"])]
    return READ[kind]
