"""A killer that never warns: parts die or stand still at moments drawn by lot, always the same for the same seed."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Literal, Protocol

from tests.faults.driver import DRIVERS, Driver

Kind = Literal["kill", "freeze"]
KINDS: tuple[Kind, ...] = ("kill", "freeze")
SAID: Mapping[Kind, str] = {"kill": "tué", "freeze": "gelé"}


class Victim(Protocol):
    """What can be struck; ``start`` returns once it is ready again."""

    def start(self) -> object: ...

    def kill(self) -> None: ...

    def freeze(self) -> None: ...

    def thaw(self) -> None: ...


@dataclass(frozen=True)
class Fault:
    """What happens to whom, after how many commands; ``seconds`` is how long a frozen part stands still."""

    after: int
    name: str
    kind: Kind
    seconds: float

    def __str__(self) -> str:
        return f"{self.name} {SAID[self.kind]}" + (f" {self.seconds:.0f} s" if self.kind == "freeze" else "")


def planned(chance: random.Random, commands: int, number: int, victims: Mapping[str, Sequence[str]], longest_freeze: float) -> list[Fault]:
    """``number`` faults spread over the commands. ``victims`` are names by role, a freeze lasts from 1 to ``longest_freeze`` seconds.

    Each role has its turn before one is struck again; deaths and standstills alternate.
    """
    moments = sorted(chance.sample(range(1, commands - DRIVERS), number))
    turns = [role for _round in range(number // len(victims) + 1) for role in chance.sample(list(victims), len(victims))]
    return [
        Fault(after, chance.choice(victims[role]), kind, chance.uniform(1, longest_freeze))
        for after, role, kind in zip(moments, turns, cycle(KINDS), strict=False)
    ]


def campaign(driver: Driver, faults: Sequence[Fault], victims: Mapping[str, Victim]) -> None:
    """Drive and strike at the same time, until every part is back and every command answered."""
    driver.start()
    for fault in faults:
        driver.reach(fault.after)
        time.sleep(driver.chance.random() / 20)
        STRIKES[fault.kind](victims[fault.name], fault.seconds)
    driver.finish()


def _kill(victim: Victim, _seconds: float) -> None:
    victim.kill()
    victim.start()


def _freeze(victim: Victim, seconds: float) -> None:
    victim.freeze()
    time.sleep(seconds)
    victim.thaw()


STRIKES: Mapping[Kind, Callable[[Victim, float], None]] = {"kill": _kill, "freeze": _freeze}
