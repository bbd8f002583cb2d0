"""The commands: `make` lists them all, and what has not come yet says so instead of pretending."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ARRIVED = {"demo", "story", "dev", "seed", "publish", "reset", "replay", "doctor"}
ARRIVED |= {"test", "test-fast", "check", "fmt", "faults", "bench", "figures", "up", "down", "logs"}
ARRIVED |= {"openapi", "events", "guides", "pages", "orders"}
TO_COME = {"e2e", "a11y"}


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def test_make_alone_lists_every_command_in_one_line_each() -> None:
    listed = re.findall(r"make ([a-z0-9-]+) .*\S", make().stdout)
    assert set(listed) == ARRIVED | TO_COME | {"help"}


@pytest.mark.parametrize("target", sorted(TO_COME))
def test_a_command_that_has_not_come_says_so_and_fails(target: str) -> None:
    answer = make(target)
    assert f"« make {target} »" in answer.stdout
    assert len(answer.stdout.splitlines()) == 1
    assert answer.returncode == 2


def test_a_python_that_is_too_old_or_absent_is_said_in_french(tmp_path: Path) -> None:
    answer = make("demo", f"VENV={tmp_path / 'venv'}", "PYTHON=/bin/false")
    assert answer.returncode == 2
    assert "Python 3.11 ou plus récent est nécessaire" in answer.stdout
    assert not (tmp_path / "venv").exists()


def test_make_publish_takes_the_sample_or_the_file_it_is_given() -> None:
    sample = re.search(r"publish (\S+\.dsn) --to http://localhost:8080", make("-n", "publish").stdout)
    assert sample
    assert (ROOT / sample[1]).is_file()
    assert "publish paie.dsn --to" in make("-n", "publish", "FILE=paie.dsn").stdout


@pytest.mark.parametrize("target", ["up", "down", "logs"])
def test_without_docker_one_sentence_says_what_to_install_and_what_to_do_meanwhile(target: str) -> None:
    nowhere = os.environ | {"DOCKER_HOST": "tcp://127.0.0.1:1"}
    answer = subprocess.run(["make", target], capture_output=True, text=True, cwd=ROOT, env=nowhere, check=False)
    assert answer.returncode == 2
    (sentence,) = answer.stdout.splitlines()
    assert sentence.startswith("Docker ne répond pas")
    assert "make demo" in sentence


def test_make_up_builds_the_image_before_compose_looks_for_it() -> None:
    said = make("-n", "up").stdout
    assert 0 < said.index("compose.yaml build") < said.index("compose.yaml up --detach")
