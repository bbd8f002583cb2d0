"""Two instances on one folder: the second is refused in French, and a killed one holds nothing back."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from affilia import lone

HOLDER = """
import pathlib, sys, time
from affilia import lone
with lone.alone(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that holds the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_a_second_instance_is_refused_and_told_who_holds_the_folder(tmp_path: Path, holder: subprocess.Popen[bytes], monkeypatch):
    monkeypatch.setattr(lone, "PATIENCE_S", 0.2)
    for attempt in (lambda: lone.refuse_second(tmp_path), lambda: lone.alone(tmp_path).__enter__()):
        with pytest.raises(click.ClickException, match=rf"tourne déjà sur les données .*processus {holder.pid}"):
            attempt()


def test_a_killed_instance_leaves_the_folder_free(tmp_path: Path, holder: subprocess.Popen[bytes]):
    os.kill(holder.pid, signal.SIGKILL)
    with lone.alone(tmp_path):
        assert (tmp_path / lone.LOCK).read_text() == f"{os.getpid()}\n"
    lone.refuse_second(tmp_path)


def test_asking_about_a_folder_that_is_not_there_makes_nothing(tmp_path: Path):
    lone.refuse_second(tmp_path / ".affilia")
    assert list(tmp_path.iterdir()) == []
