"""How an orchestrator knows that a part is well: a web by its door, a worker or a relay by its pulse."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from affilia import health, heartbeat
from affilia.heartbeat import VARIABLE, Heartbeat
from tests.affilia.test_doctor import answering, free_port


def ask(what: str | Path) -> Result:
    return CliRunner().invoke(health.health, [str(what)])


class Turning:
    """A loop of a process: as alive and as quick as the test wants it."""

    def __init__(self, name: str) -> None:
        self.name, self.alive, self.moved_at = name, True, time.monotonic()

    def is_alive(self) -> bool:
        return self.alive

    def start(self) -> None:
        """It always runs."""

    def stop(self) -> None:
        self.alive = False

    def join(self, timeout: float | None = None) -> None:
        """It has ended."""


def test_a_door_that_answers_is_well_and_a_closed_one_is_not():
    with answering() as port:
        assert ask(f"http://127.0.0.1:{port}/_/ready").exit_code == 0
    closed = ask(f"http://127.0.0.1:{free_port()}/_/ready")
    assert closed.exit_code == 1
    assert "ne répond pas" in closed.output


def test_a_proxy_of_the_environment_is_never_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    with answering() as port:
        assert ask(f"http://127.0.0.1:{port}/_/ready").exit_code == 0


def test_a_pulse_is_felt_while_every_loop_comes_round(tmp_path: Path):
    pulse, relay, worker = tmp_path / "heartbeat", Turning("members-relay"), Turning("members-worker")
    assert "aucun battement" in ask(pulse).output
    heart = Heartbeat([relay, worker], {VARIABLE: str(pulse)})
    assert ask(pulse).exit_code == 0
    os.utime(pulse, (0, 0))
    worker.moved_at -= heartbeat.STUCK_S + 1
    heart.beat()
    assert "plus de battement" in ask(pulse).output
    worker.moved_at = time.monotonic()
    heart.beat()
    assert ask(pulse).exit_code == 0


def test_a_process_ends_with_a_failure_when_one_of_its_loops_has_died(tmp_path: Path):
    loop = Turning("members-relay")
    heart = Heartbeat([loop], {})
    loop.stop()
    with pytest.raises(SystemExit) as end:
        heart.beat()
    assert end.value.code == 1
