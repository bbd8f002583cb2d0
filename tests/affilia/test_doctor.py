"""The doctor: on a good machine he says so, on a bare or broken one he names what is missing and the cure."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner

from affilia import doctor, lone
from affilia.doctor import Finding, State

ROOT = Path(__file__).parents[2]


def found(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name.startswith(name))


READY = b'{"status": "ready", "rung": "embedded", "services": {}}'


class Ready(BaseHTTPRequestHandler):
    """Answers as a platform that is ready."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(READY)

    def log_message(self, *_words: object) -> None:
        """Say nothing."""


@contextmanager
def answering() -> Iterator[int]:
    """The port where something answers as a platform does."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_this_machine_can_run_the_demo(tmp_path: Path) -> None:
    findings = doctor.examine(tmp_path / ".affilia", free_port())
    assert [finding for finding in findings if finding.state is State.MISSING] == []
    assert found(findings, "Python").state is State.GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_busy_port_is_named_with_its_cure(tmp_path: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        finding = found(doctor.examine(tmp_path, port), f"Port {port}")
    assert finding.state is State.MISSING
    assert f"--port {port + 1}" in finding.cure


def test_a_port_where_the_platform_itself_answers_is_well(tmp_path: Path) -> None:
    with answering() as port:
        finding = found(doctor.examine(tmp_path, port), f"Port {port}")
    assert (finding.state, finding.seen) == (State.GOOD, "une instance d'Affilia y répond")


def test_a_server_that_outlived_its_demo_is_told(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert str(os.getpid()) in found(doctor.examine(tmp_path), "Processus").seen
    (tmp_path / "postgres" / "postmaster.pid").write_text("4194304\n")
    assert found(doctor.examine(tmp_path), "Processus").state is State.GOOD


def test_an_instance_that_runs_is_told_with_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with lone.alone(tmp_path, "http://localhost:8093"):
        running = found(findings := doctor.examine(tmp_path, free_port()), doctor.RUNNING)
    assert (running.state, running.seen) == (State.GOOD, "la plateforme tourne déjà : http://localhost:8093")
    doctor.report(findings)
    assert "Tout est prêt, et la plateforme tourne déjà : http://localhost:8093." in capsys.readouterr().out
    assert found(doctor.examine(tmp_path, free_port()), "Processus").seen == "aucun"


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".affilia").write_text("a file where the folder should be")
    finding = found(doctor.examine(tmp_path / ".affilia"), "Dossier")
    assert finding.state is State.MISSING
    assert "chown" in finding.cure


@pytest.mark.parametrize(("state", "code", "sentence"), [(State.MISSING, 1, "1 point(s) à régler"), (State.OPTIONAL, 0, "Tout est prêt")])
def test_only_the_indispensable_changes_the_exit_code(capsys: pytest.CaptureFixture[str], state: State, code: int, sentence: str) -> None:
    assert doctor.report([Finding("Chose", state, "absente", "Installez-la.")]) == code
    printed = capsys.readouterr().out
    assert "→ Installez-la." in printed
    assert sentence in printed


def test_the_command_prints_one_line_for_each_thing() -> None:
    printed = CliRunner().invoke(doctor.doctor).output
    for name in ("Python", "git", "Disque", "Dossier des données", "Port 8080", "Docker", "RabbitMQ", "nginx"):
        assert f"{name} : " in printed


def test_it_runs_on_a_bare_python_before_the_installation() -> None:
    bare = subprocess.run(
        [sys.executable, "-I", "-S", str(ROOT / "affilia" / "doctor.py")], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert "✓ Python : " in bare.stdout
    assert bare.stderr == ""
