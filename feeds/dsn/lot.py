"""A lot as an insurer receives it: S05, groups S06…S96, S95; its lines stand outside the envois and their counts."""

import re

from feeds.dsn.lines import Flaw, Flaws, Run

START, GROUP, END, GROUP_END = "S05.G51.00", "S06.G51.00", "S95.G51.00", "S96.G51.00"
BLOCKS = (START, GROUP, END, GROUP_END)

ACCEPTED = "DSNOK"
REJECTED = ("FP-KO", "CT-KO", "AUTRE")
"""Groups of declarations that the platform itself found wrong: none of them may move somebody's rights."""

CLOSING = "FINSL"


class Lot:
    """A lot that begins at line ``line``; envois are taken as they come, so its counts can only report, not hold back."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.flaws = Flaws([])
        self.complete = False
        self._values: dict[str, str] = {}
        self._in_group = 0
        self._in_lot = 0

    @property
    def refusal(self) -> str | None:
        """Why envois of the open group are set aside, ``None`` when they are good."""
        group = self._values.get(f"{GROUP}.001", ACCEPTED)
        return None if group == ACCEPTED else "déclaration rejetée par la plateforme DSN avant réception (groupe hors DSNOK)"

    def count(self, declarations: int) -> None:
        self._in_group += declarations
        self._in_lot += declarations

    def take(self, line: Run) -> None:
        """One line of the lot's own."""
        if line.fault:
            self.flaws.add(line.flaw(line.fault))
        self._values[line.code or ""] = line.value
        check = CHECKS.get(line.code or "")
        if check and not line.fault and (reason := check(self, line.value)):
            self.flaws.add(line.flaw(reason))
        if line.block == GROUP_END and line.rubrique == "002":
            self._in_group = 0
        self.complete = line.block == END and line.rubrique == "002"

    def finish(self) -> None:
        """The lot is over, or its end never came."""
        if f"{START}.001" not in self._values:
            self.flaws.add(Flaw(self.line, START, "lot sans ligne de début"))
        if not self.complete:
            self.flaws.add(Flaw(self.line, END, "lot tronqué : fin de lot absente"))

    def wrong_group(self, value: str) -> str | None:
        return None if value in (ACCEPTED, *REJECTED) else "groupe de lot inconnu"

    def wrong_closing(self, value: str) -> str | None:
        return None if value == CLOSING else f"fin de groupe inconnue (attendu : {CLOSING})"

    def wrong_number(self, value: str) -> str | None:
        return None if value == self._values.get(f"{START}.002") else "numéro de lot différent de celui du début"

    def wrong_group_count(self, value: str) -> str | None:
        return _wrong_count(value, self._in_group, "du groupe")

    def wrong_lot_count(self, value: str) -> str | None:
        announced = self._values.get(f"{START}.006")
        return _wrong_count(value, self._in_lot, "du lot") or (
            None if announced in (None, value) else "nombre de DSN différent de celui du début de lot"
        )


CHECKS = {
    f"{GROUP}.001": Lot.wrong_group,
    f"{GROUP_END}.001": Lot.wrong_closing,
    f"{GROUP_END}.002": Lot.wrong_group_count,
    f"{END}.001": Lot.wrong_number,
    f"{END}.002": Lot.wrong_lot_count,
}
"""What each closing line of a lot is compared with."""


def _wrong_count(told: str, counted: int, where: str) -> str | None:
    right = re.fullmatch("[0-9]{1,9}", told) and int(told) == counted
    return None if right else f"nombre de DSN {where} faux : {counted} lue(s)"
