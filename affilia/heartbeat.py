"""The pulse of a process that has no door: a file touched while all of its loops come round, and an end when one of them has died."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from chassis import logs, run

VARIABLE = "AFFILIA_HEARTBEAT"
EVERY_S = 10.0
STUCK_S = 120.0
"""How long one turn may last: a batch of notices waits for its servers ten seconds each."""


class Heartbeat:
    """Touches the file that the environment names; without one it only watches."""

    def __init__(self, loops: Sequence[run.Loop], environ: Mapping[str, str] = os.environ) -> None:
        self._loops = loops
        self._file = Path(environ[VARIABLE]) if environ.get(VARIABLE) else None
        self.beat()

    def beat(self) -> None:
        """Raises ``SystemExit`` when a loop has died: whoever started the process starts it again, whole."""
        if dead := [loop.name for loop in self._loops if not loop.is_alive()]:
            logs.log("affilia").error("loop.died", loops=dead)
            raise SystemExit(1)
        if stuck := [loop.name for loop in self._loops if time.monotonic() - loop.moved_at > STUCK_S]:
            logs.log("affilia").error("loop.stuck", loops=stuck)
        elif self._file:
            self._file.touch()
