"""The project as it is shipped, one wheel built from what the image is built from; and a broker that knows its parts alone."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pika
import pytest
from click.testing import CliRunner, Result

from affilia.cli import main
from chassis.broker.link import Link
from chassis.broker.topology import Topology
from gateway.embedded import find
from tests import rabbitmq

ROOT = Path(__file__).parents[2]


def context() -> list[str]:
    """What ``.dockerignore`` lets into the image."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("!") for line in lines if line.startswith("!")]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built in a copy: setuptools leaves its traces where it works."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in context():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source / name)
    slow = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(source)]
    quick = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", str(out), str(source)]
    subprocess.run(quick if has_uv() else slow, check=True, timeout=300)
    (built,) = out.glob("*.whl")
    return built


def has_uv() -> bool:
    """Whether the fast installer is there; pip does the same, slower."""
    return importlib.util.find_spec("uv") is not None


def prepare(*arguments: str | Path) -> Result:
    """``affilia prepare``, which never fails without a sentence."""
    done = CliRunner().invoke(main, ["prepare", *map(str, arguments)])
    assert "Traceback" not in done.output
    return done


class Prepared(NamedTuple):
    """A private RabbitMQ that was started on the users and rights of a prepared installation, and that installation's secrets."""

    node: rabbitmq.Node
    secrets: Path

    def url(self, part: str) -> str:
        return (self.secrets / part / "broker_url").read_text()

    def declare(self, part: str) -> None:
        """What stands on the broker, declared by a part."""
        link = Link(self.url(part))
        Topology.of(find().values()).declare(link.channel)
        link.close()

    @contextmanager
    def channel(self, part: str) -> Iterator[pika.adapters.blocking_connection.BlockingChannel]:
        """A confirmed channel of a part, as it would open it after being broken into."""
        connection = pika.BlockingConnection(pika.URLParameters(self.url(part)))
        try:
            opened = connection.channel()
            opened.confirm_delivery()
            yield opened
        finally:
            if connection.is_open:
                connection.close()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    script = next(iter(sorted(Path("/").glob(rabbitmq.SCRIPTS[1:]), reverse=True)), None)
    if script is None:
        pytest.skip("RabbitMQ n'est pas installé")
    folder, secrets = tmp_path_factory.mktemp("node"), tmp_path_factory.mktemp("secrets")
    node = rabbitmq.Node(script, folder)
    assert prepare("secrets", secrets, "--broker", f"127.0.0.1:{node.port}").exit_code == 0
    settings = (ROOT / "deploy" / "rabbitmq.conf").read_text(encoding="utf-8")
    shown = settings.replace("/run/affilia", str(secrets / "broker")).replace("= 1GB", "= 50MB")
    (folder / "config_file.conf").write_text(shown)
    node.start()
    yield Prepared(node, secrets)
    node.end()
