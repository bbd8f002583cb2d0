"""``affilia dev``: the demo under watch. When a source changes it is stopped as Ctrl-C would, and started again."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from affilia.demo import PORT

ROOT = Path(__file__).resolve().parent.parent
WATCHED = ("affilia", "chassis", "deploy/brands", "events", "feeds", "gateway", "identifiers", "services")
SUFFIXES = frozenset({".py", ".html", ".toml", ".j2", ".css", ".js"})
LOOK_EVERY_S = 0.5
GOODBYE_S = 10.0

Sources = Mapping[Path, int]
"""Each source and when it was last written, in nanoseconds."""


@click.command()
@click.option("--port", default=PORT, show_default=True, help="Le port d'écoute.")
def dev(port: int) -> None:
    """Comme demo, et redémarre quand le code change."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    child, known = _start(port), sources()
    try:
        while True:
            time.sleep(LOOK_EVERY_S)
            if changed := changes(known, found := sources()):
                click.secho(f"→ {', '.join(changed)} : redémarrage", dim=True)
                _stop(child)
                child, known = _start(port), found
    except KeyboardInterrupt:
        _stop(child)


def sources(root: Path = ROOT) -> Sources:
    """What the running demo was made from."""
    files = (file for folder in WATCHED for file in (root / folder).rglob("*") if file.suffix in SUFFIXES)
    return {file: written for file in files if (written := _written(file)) is not None}


def changes(before: Sources, after: Sources) -> list[str]:
    """The names of the files that appeared, went or were written between two looks."""
    return sorted({path.name for path, _written in before.items() ^ after.items()})


def _written(file: Path) -> int | None:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:  # an editor replaces a file by another of the same name
        return None


def _start(port: int) -> subprocess.Popen[bytes]:
    """The demo, in a session of its own: Ctrl-C reaches us alone, and we pass it on once."""
    return subprocess.Popen([sys.executable, "-m", "affilia.cli", "demo", "--port", str(port)], start_new_session=True)


def _stop(child: subprocess.Popen[bytes]) -> None:
    """End the demo as Ctrl-C would; one that does not go is killed. One that ended by itself, on a typing error, is only buried."""
    if child.poll() is None:
        child.send_signal(signal.SIGINT)
    try:
        child.wait(GOODBYE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
