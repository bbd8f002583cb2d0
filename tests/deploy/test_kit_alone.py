"""The producer's kit on a machine that has nothing else: ``pip install affilia[feed]``, a file, a broker, an exit code."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from affilia.broker_rights import EXCHANGE
from tests.deploy.conftest import ROOT, Prepared, has_uv
from tests.rabbitmq import free_port

LOT = ROOT / "feeds" / "dsn" / "samples" / "lot-oc-fctu-nature07-p26v01-synthetique.dsn"
FACTS = ROOT / "feeds" / "samples" / "faits-synthetiques.jsonl"
PLATFORM = ("flask", "sqlalchemy", "cryptography", "kombu", "boto3", "psycopg", "granian", "marshmallow", "joserfc")
WANTED = {"affilia", "click", "msgspec", "pika", "pynacl", "cffi", "pycparser"}
"""The kit, its four libraries, and what PyNaCl stands on."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def alone(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of an environment where the kit alone is installed."""
    folder = tmp_path_factory.mktemp("producer")
    venv.create(folder, with_pip=not has_uv())
    python = str(folder / "bin" / "python")
    installer = [sys.executable, "-m", "uv", "pip", "install", "--python", python] if has_uv() else [python, "-m", "pip", "install"]
    wanted = ["--quiet", "-c", str(ROOT / "constraints.txt"), f"affilia[feed] @ {wheel.as_uri()}"]
    subprocess.run([*installer, *wanted], check=True, timeout=300)
    return folder / "bin"


def feed(alone: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [str(alone / "affilia"), "feed", *map(str, arguments)]
    environ = {"PATH": str(alone), "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=alone, env=environ, capture_output=True, text=True, timeout=100, check=False)


def test_the_kit_brings_its_four_libraries_and_nothing_of_the_platform(alone: Path):
    listed = "import importlib.metadata as m; print(*(d.metadata['Name'].lower() for d in m.distributions()))"
    done = subprocess.run([str(alone / "python"), "-c", listed], cwd=alone, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) - {"pip", "setuptools"} == WANTED
    for library in PLATFORM:
        assert subprocess.run([str(alone / "python"), "-c", f"import {library}"], cwd=alone, capture_output=True, check=False).returncode


def test_it_explains_itself_and_reads_files_without_a_platform(alone: Path):
    assert "Alimente la plateforme" in feed(alone, "--help").stdout
    assert (dsn := feed(alone, "dsn", "check", LOT)).returncode == 0, dsn.stderr
    assert "Faits lus : 10" in dsn.stdout
    assert "Faits lus : 6" in feed(alone, "events", "check", FACTS).stdout
    wrong = alone / "faux.jsonl"
    wrong.write_text("{}\n")
    assert feed(alone, "events", "check", wrong).returncode == 3


def test_what_it_cannot_do_alone_it_says_what_to_install_for(alone: Path):
    done = subprocess.run([str(alone / "affilia"), "demo"], cwd=alone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'affilia[platform]'" in done.stderr


def test_a_broker_is_told_sent_unroutable_or_down(alone: Path, prepared: Prepared):
    key, url = prepared.secrets / "producer" / "key.json", prepared.url("producer")
    files = (("dsn", LOT, 10), ("events", FACTS, 6))
    with prepared.channel("operator") as channel:
        channel.exchange_delete(EXCHANGE)
    for kind, file, _facts in files:
        assert feed(alone, kind, "publish", file, "--to", url, "--key", key).returncode == 4
        down = f"amqp://producer:x@127.0.0.1:{free_port()}/"
        assert feed(alone, kind, "publish", file, "--to", down, "--key", key).returncode == 5
        assert feed(alone, kind, "publish", file, "--to", down, "--key", key, "--dry-run").returncode == 0
    prepared.declare("members")
    for kind, file, facts in files:
        sent = feed(alone, kind, "publish", file, "--to", url, "--key", key)
        assert (sent.returncode, sent.stderr) == (0, "")
        assert f"Faits publiés : {facts}" in sent.stdout
