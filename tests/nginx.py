"""An nginx of the tests' own, that may be killed: its port and folder are private, and it runs what ``gateway.nginx`` renders."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from gateway import nginx, routing
from tests.rabbitmq import free_port

START_S = 60
PLACES = ("/usr/local/sbin", "/usr/sbin", "/sbin")
SECRET = "entre-nginx-et-l-edge"


class Nginx:
    """A private nginx. ``plan`` is what it was told; extra options go to ``gateway.nginx.Plan``."""

    def __init__(self, folder: Path, edge: str, upstreams: Mapping[str, str], table: Mapping[str, routing.Route], **options: Any) -> None:
        self.folder = folder
        told: dict[str, Any] = {"front_secret": SECRET, "listen": f"127.0.0.1:{free_port()}", "user": _user()} | options
        logs = {"access_log": str(folder / "access.log"), "error_log": str(folder / "error.log")}
        self.plan = nginx.Plan(edge=edge, upstreams=dict(upstreams), folder=folder, **logs, **told)
        self.text = nginx.render(self.plan, table)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return int(self.plan.listen.rpartition(":")[2])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def examine(self) -> str:
        """What ``nginx -t`` says against the configuration: nothing, or a test fails."""
        return subprocess.run(self._command("-t", "-q"), capture_output=True, text=True, timeout=START_S, check=False).stderr

    def start(self) -> "Nginx":
        """Start, and wait until it takes connections."""
        self._process = subprocess.Popen(self._command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while not (self.folder / "nginx.pid").exists():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise TimeoutError(self.examine() or (self.folder / "error.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)
        return self

    def told(self) -> str:
        """Its access log so far."""
        return (self.folder / "access.log").read_text()

    def end(self) -> None:
        """Stop at once, workers included."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=START_S)

    def _command(self, *options: str) -> list[str]:
        file = self.folder / "nginx.conf"
        file.write_text(self.text)
        return [binary(), "-c", str(file), "-e", str(self.folder / "error.log"), *options]


def binary() -> str:
    """nginx's program. Skips the test where there is none."""
    found = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), *PLACES]))
    if found is None:
        pytest.skip("nginx n'est pas installé")
    return found


@contextmanager
def private_nginx(
    edge: str, upstreams: Mapping[str, str], *, table: Mapping[str, routing.Route] = routing.TABLE, **options: Any
) -> Iterator[Nginx]:
    """A running nginx in front of an edge and services, by their addresses."""
    with tempfile.TemporaryDirectory(prefix="affilia-nginx-", ignore_cleanup_errors=True) as folder:
        server = Nginx(Path(folder), edge, upstreams, table, **options)
        try:
            yield server.start()
        finally:
            server.end()


def _user() -> str:
    """Workers run as whoever runs the tests: started as root, nginx would choose somebody who may not enter its folder."""
    return pwd.getpwuid(os.getuid()).pw_name if os.getuid() == 0 else ""
