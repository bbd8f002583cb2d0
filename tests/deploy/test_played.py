"""What compose.yaml says, played without Docker: the same commands, settings and secrets, on a real PostgreSQL and a real RabbitMQ.

Each process is shown the folders that its container would be shown, and nothing else of the environment.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from affilia.installation import BRANDS
from affilia.local import LocalPostgres
from affilia.roles import started
from affilia.story.world import eventually
from events.employers import CompanyRegistered
from gateway.embedded import find
from tests import images
from tests.deploy.conftest import ROOT, Prepared, prepare
from tests.rabbitmq import free_port

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

AFFILIA = [sys.executable, "-m", "affilia.cli"]
DEFAULT = re.compile(r"\$\{[A-Z_]+:-([^}]*)\}")
PATIENCE_S = 180
GRACE_S = 15
"""``stop_grace_period``."""
FACTS = ROOT / "feeds" / "samples" / "faits-synthetiques.jsonl"
COMPANY = CompanyRegistered(siren="123456782", company_name="LE BISTROT FACTICE", insurer="KLESIA")
RECEIVED = "SELECT state FROM inbox WHERE name = %s"


class Host:
    """A machine without Docker: ``secrets`` stands for the volumes, ``folder`` for what is private to a container."""

    def __init__(self, secrets: Path, folder: Path) -> None:
        self._secrets, self._folder = secrets, folder
        self._ports = {name: str(free_port()) for name in ("employers-web", "edge")}

    def environ(self, name: str) -> dict[str, str]:
        """The environment of a container, its paths being ours."""
        own = {variable: self._here(name, str(value)) for variable, value in described(name).get("environment", {}).items()}
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "AFFILIA_BRANDS": str(BRANDS), **own}

    def command(self, name: str) -> list[str]:
        bound = ["--port", self._ports[name]] if name in self._ports else []
        words = [{"0.0.0.0": "127.0.0.1"}.get(word, word) for word in described(name)["command"]]
        return [*AFFILIA, *words, *bound]

    def once(self, name: str) -> None:
        done = subprocess.run(self.command(name), env=self.environ(name), capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, done.stderr

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """A container that lives; it ends by itself in the time that compose leaves it."""
        with (self._folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(self.command(name), env=self.environ(name), cwd=self._folder, stdout=log, stderr=log)
        try:
            eventually(lambda: self.healthy(name) or process.poll() is not None, f"{name} to be healthy", patience=PATIENCE_S)
            assert process.poll() is None, (self._folder / f"{name}.log").read_text()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=GRACE_S) in (0, -signal.SIGTERM)

    def producer(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A producer who holds the token of the door, on the edge itself."""
        token = str(self._secrets / "gateway" / "feed_token")
        command = [*AFFILIA, *words, "--to", f"http://localhost:{self._ports['edge']}", "--token-file", token]
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    def healthy(self, name: str) -> bool:
        """What the healthcheck of a container finds."""
        _cmd, _affilia, *question = described(name)["healthcheck"]["test"]
        asked = [self._here(name, word).replace(":8000", f":{self._ports.get(name)}") for word in question]
        return subprocess.run([*AFFILIA, *asked], env=self.environ(name), capture_output=True, check=False).returncode == 0

    def _here(self, name: str, text: str) -> str:
        places = {"/tmp/heartbeat": str(self._folder / f"{name}.heartbeat")}
        for volume in described(name).get("volumes", ()):
            source, target, *_mode = volume.split(":")
            places[target] = str(self._secrets / source.removesuffix("-secrets"))
        text = DEFAULT.sub(r"\1", text)
        return next((text.replace(place, ours) for place, ours in places.items() if text.startswith(place)), text)


def described(name: str) -> dict[str, Any]:
    found: dict[str, Any] = images.described()["services"][name]
    return found


@pytest.fixture
def host(prepared: Prepared) -> Iterator[Host]:
    with tempfile.TemporaryDirectory(prefix="affilia-played-") as name:
        folder = Path(name)
        with LocalPostgres(folder / "postgres", durable=False) as server:
            secrets = Path(shutil.copytree(prepared.secrets, folder / "secrets"))
            address = server.url.set(drivername="postgresql").render_as_string(hide_password=False)
            (secrets / "postgres" / "superuser_url").write_text(address)
            assert prepare("databases", secrets).exit_code == 0
            yield Host(secrets, folder)


def heard(host: Host) -> Sequence[str]:
    """What became of the company in messaging's database."""
    address = Path(host.environ("messaging-worker")["AFFILIA_DATABASE_URL_FILE"]).read_text()
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        return [state for (state,) in connection.execute(RECEIVED, [COMPANY.name])]


def test_a_fact_crosses_the_platform_that_compose_describes(host: Host):
    for service in ("employers", "messaging"):
        host.once(f"{service}-migrate")
    employers = started(find(["employers"])["employers"], host.environ("employers-web"))
    with employers.working() as work:
        work.emit(COMPANY)
    employers.stop()
    with ExitStack() as containers:
        for name in ("employers-web", "employers-relay", "messaging-worker", "edge"):
            containers.enter_context(host.running(name))
        eventually(lambda: heard(host) == ["done"], "the fact to cross the broker", patience=PATIENCE_S)
        sent = host.producer("feed", "events", "publish", str(FACTS))
        assert (sent.returncode, sent.stderr) == (0, "")
        assert "Faits publiés : 6" in sent.stdout


def test_a_part_that_is_not_shown_its_secrets_says_which_file_it_misses(host: Host):
    environ = host.environ("members-worker") | {"AFFILIA_KEYS_FILE": "/run/affilia/keys.json"}
    done = subprocess.run(host.command("members-worker"), env=environ, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 1
    assert "AFFILIA_KEYS_FILE : le fichier /run/affilia/keys.json ne peut pas être lu" in done.stderr
    assert "Traceback" not in done.stderr
