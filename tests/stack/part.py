"""One part of the platform: a process group that can be killed, frozen, stopped and started again in the same place."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

COMMAND = (sys.executable, "-m", "affilia.cli")
START_S = 120.0
"""Generous: all parts start at once, on a machine that may be slow."""
GRACE_S = 10.0
"""The promise: a part ends within ten seconds of SIGTERM, whatever it has in hand."""
POLL_S = 0.1


@dataclass
class Part:
    """``role`` is web, worker, relay or edge. ``ready`` tells, seen from outside, that it does its work."""

    name: str
    role: str
    arguments: tuple[str, ...]
    environ: Mapping[str, str]
    folder: Path
    ready: Callable[[], bool]
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def log(self) -> Path:
        """Where it writes, life after life."""
        return self.folder / f"{self.name}.log"

    def carries(self, service: str) -> bool:
        """Whether it works for a service; the edge works for all."""
        return self.role == "edge" or service in self.arguments

    def launch(self) -> None:
        """Start without waiting: parts are launched together."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *self.arguments], cwd=self.folder, env=dict(self.environ), stdout=log, stderr=log, start_new_session=True
            )

    def wait(self) -> None:
        """Wait until it is ready. Raises ``TimeoutError`` with the end of its log."""
        deadline = time.monotonic() + START_S
        while not self.ready():
            if time.monotonic() > deadline or self._alive().poll() is not None:
                raise TimeoutError(f"{self.name}: {self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(POLL_S)

    def start(self) -> None:
        self.launch()
        self.wait()

    def kill(self) -> None:
        """SIGKILL to the whole group: nobody says goodbye."""
        self._signal(signal.SIGKILL)
        self._alive().wait()

    def freeze(self) -> None:
        """Alive to the network, and silent."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def stop(self) -> float:
        """SIGTERM to its main process, as an orchestrator does; how many seconds it took. Raises ``TimeoutExpired``."""
        since, process = time.monotonic(), self._alive()
        process.terminate()
        process.wait(timeout=GRACE_S)
        return time.monotonic() - since

    def end(self) -> None:
        """For good, in whatever state it is."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.kill()
            self.process = None

    def _alive(self) -> subprocess.Popen[bytes]:
        assert self.process is not None, f"{self.name} was never started"
        return self.process

    def _signal(self, number: int) -> None:
        os.killpg(self._alive().pid, number)
