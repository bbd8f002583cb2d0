"""A platform that may be killed: its own folder, its own processes, started again as often as needed."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import urllib3

START_S = 60


@dataclass
class Mortal:
    """``affilia serve`` in a process group of its own, on a folder that outlives it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers ready."""
        command = [sys.executable, "-m", "affilia.cli", "serve", "--port", str(self.port)]
        log = (self.folder / "serve.log").open("ab")
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self._wait()

    def kill(self) -> None:
        """SIGKILL the whole group: nobody gets to say goodbye. PostgreSQL, which is not in the group, recovers its clients' deaths."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """A clean end, so that PostgreSQL stops too."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=30)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_S
        with urllib3.PoolManager(retries=False, timeout=2) as pool:
            while time.monotonic() < deadline:
                try:
                    if pool.request("GET", f"{self.base}/readyz").status == 200:
                        return
                except urllib3.exceptions.HTTPError:
                    time.sleep(0.05)
        raise TimeoutError((self.folder / "serve.log").read_text(errors="replace")[-2000:])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
