"""What this machine has and what it lacks, each with its cure. Standard library alone, so that it also runs before the installation.

`affilia doctor`, or `python3 -m affilia.doctor` on a bare machine.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import sysconfig
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

DATA = Path(".affilia")
PORT = 8080
PYTHON = (3, 11)
ROOM = 2 * 1024**3  # bytes: the environment takes under one, the data and the package cache the rest
WHEELS = {("linux", "x86_64"), ("linux", "aarch64"), ("darwin", "x86_64"), ("darwin", "arm64")}  # what PostgreSQL's package is built for


class State(Enum):
    """How a thing stands: there, missing but optional, missing and indispensable."""

    GOOD = "bon"
    OPTIONAL = "facultatif"
    MISSING = "manquant"


@dataclass(frozen=True)
class Finding:
    """One thing examined: its name, how it stands, what was seen and, when it lacks, the cure (French)."""

    name: str
    state: State
    seen: str
    cure: str = ""


RUNNING = "Instance d'Affilia"
LOCK = "instance.lock"
"""Held by the instance that works on the data, which writes its process and its address there (``affilia.lone``)."""

MARKS = {State.GOOD: ("✓", "green"), State.OPTIONAL: ("○", "yellow"), State.MISSING: ("✗", "red")}


def typed(command: str) -> str:
    """What to type for ``affilia <command>``, whether or not its environment is active."""
    return f"{'affilia' if shutil.which('affilia') else '.venv/bin/affilia'} {command}"


def examine(data: Path = DATA, port: int = PORT) -> list[Finding]:
    """Look at everything; changes nothing but a probe file, removed at once."""
    return [
        _python(),
        _packages(),
        _git(),
        _disk(data),
        _writable(data),
        _port(port),
        _leftovers(data),
        _docker(),
        _rabbitmq(),
        _nginx(),
    ]


def report(findings: list[Finding]) -> int:
    """Print the findings; the exit code is 1 when something indispensable is missing."""
    show = _printer()
    for finding in findings:
        mark, colour = MARKS[finding.state]
        show(f"{mark} {finding.name} : {finding.seen}", colour)
        if finding.cure:
            show(f"    → {finding.cure}", None)
    missing = sum(finding.state is State.MISSING for finding in findings)
    show(f"{missing} point(s) à régler avant make demo." if missing else _next(findings), "bold")
    return 1 if missing else 0


def _next(findings: list[Finding]) -> str:
    running = next((finding for finding in findings if finding.name == RUNNING), None)
    return f"Tout est prêt, et {running.seen}." if running else "Tout est prêt : make demo"


def _python() -> Finding:
    seen = platform.python_version()
    if sys.version_info >= PYTHON:
        return Finding("Python", State.GOOD, seen)
    return Finding(
        "Python", State.MISSING, f"{seen} est trop ancien", "Installez Python 3.11 ou plus récent, puis : make demo PYTHON=python3.11"
    )


def _packages() -> Finding:
    here = f"{sys.platform} {platform.machine()}"
    if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        cure = "Utilisez un système à glibc (Debian, Ubuntu, Fedora), ou donnez un PostgreSQL : AFFILIA_DATABASE_URL=postgresql://…"
        return Finding("Paquets pour ce système", State.MISSING, f"{here}, musl : PostgreSQL n'y est pas empaqueté", cure)
    if (sys.platform, platform.machine()) not in WHEELS:
        cure = "Sous Windows, passez par WSL 2 ; ailleurs, donnez un PostgreSQL : AFFILIA_DATABASE_URL=postgresql://…"
        return Finding("Paquets pour ce système", State.MISSING, f"{here} : PostgreSQL n'y est pas empaqueté", cure)
    return Finding("Paquets pour ce système", State.GOOD, here)


def _git() -> Finding:
    if shutil.which("git"):
        return Finding("git", State.GOOD, _first_line("git", "--version"))
    return Finding("git", State.OPTIONAL, "absent", "Utile pour contribuer. Sous Debian : apt-get install git")


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(data.resolve().parent).free
    seen = f"{free / 1024**3:.1f} Go libres"
    if free >= ROOM:
        return Finding("Disque", State.GOOD, seen)
    return Finding("Disque", State.MISSING, seen, f"Libérez de la place : il faut {ROOM // 1024**3} Go.")


def _writable(data: Path) -> Finding:
    place = data if data.exists() else data.resolve().parent
    probe = place / f".probe-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        cure = f"Donnez-vous le droit d'écrire dans {place} : sudo chown -R $(id -u) {place}"
        return Finding("Dossier des données", State.MISSING, f"{place} : {error.strerror}", cure)
    return Finding("Dossier des données", State.GOOD, f"{data} peut être écrit")


def _port(port: int) -> Finding:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            if _ours(port):
                return Finding(f"Port {port}", State.GOOD, "une instance d'Affilia y répond")
            another = typed(f"demo --port {port + 1}")
            cure = f"Arrêtez ce qui l'occupe (ss -ltnp | grep {port}), ou choisissez-en un autre : {another}"
            return Finding(f"Port {port}", State.MISSING, "occupé", cure)
    return Finding(f"Port {port}", State.GOOD, "libre")


def _ours(port: int) -> bool:
    """Whether what listens there answers as a platform that is up."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            said = json.load(answer)
    except (OSError, ValueError, http.client.HTTPException):
        return False
    return isinstance(said, dict) and {"rung", "services"} <= said.keys()


def _leftovers(data: Path) -> Finding:
    """The instance that runs, or a database server that outlived its demo: harmless, the next start takes it over."""
    if (address := _address(data)) is not None:
        return Finding(RUNNING, State.GOOD, f"la plateforme tourne déjà{address and ' : '}{address}")
    try:
        pid = int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError) as error:
        if not isinstance(error, PermissionError):
            return Finding("Processus restés en marche", State.GOOD, "aucun")
    return Finding(
        "Processus restés en marche",
        State.OPTIONAL,
        f"PostgreSQL (processus {pid})",
        "Le prochain make demo le reprend ; make reset l'arrête.",
    )


def _address(data: Path) -> str | None:
    """Where the instance that holds the data answers (empty when it has not said); ``None`` when nobody holds them."""
    if not (data / LOCK).is_file():
        return None
    import fcntl  # not on every system that the doctor examines

    with contextlib.suppress(OSError), (data / LOCK).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return "".join(lock.read().splitlines()[1:2])
    return None


def _docker() -> Finding:
    """A client on the path proves nothing: the engine has to answer."""
    cure = "Inutile à make demo ; nécessaire à make up : https://docs.docker.com/engine/install/"
    if not (version := _first_line("docker", "version", "--format", "{{.Server.Version}}")):
        return Finding("Docker", State.OPTIONAL, "aucun moteur ne répond", cure)
    if not (compose := _first_line("docker", "compose", "version", "--short")):
        return Finding("Docker", State.OPTIONAL, f"{version}, sans « docker compose »", cure)
    return Finding("Docker", State.GOOD, f"{version}, compose {compose}")


def _rabbitmq() -> Finding:
    return _program("RabbitMQ", "rabbitmq-server", "Inutile à make demo ; sous Debian : apt-get install rabbitmq-server")


def _nginx() -> Finding:
    return _program("nginx", "nginx", "Inutile à make demo ; les tests de la passerelle le demandent. Sous Debian : apt-get install nginx")


def _program(name: str, program: str, cure: str) -> Finding:
    """A server that is optional here; Debian keeps those out of most people's path."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/local/sbin:/usr/lib/rabbitmq/bin")
    return Finding(name, State.GOOD, found) if found else Finding(name, State.OPTIONAL, "absent", cure)


def _first_line(*command: str) -> str:
    """The first line a command prints, or nothing when it fails or keeps us waiting."""
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=True)
        return done.stdout.strip().partition("\n")[0]
    return ""


def _printer() -> Callable[[str, str | None], object]:
    """rich's console when it is installed, else `print`."""
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        return lambda line, colour: print(line)
    console = Console(highlight=False, soft_wrap=True)
    return lambda line, colour: console.print(line, style=colour, markup=False)


with contextlib.suppress(ModuleNotFoundError):  # before the installation there is no click, and no `affilia` command either
    import click

    @click.command()
    def doctor() -> None:
        """Examine cette machine et dit ce qui manque."""
        sys.exit(report(examine()))


if __name__ == "__main__":
    sys.exit(report(examine()))
