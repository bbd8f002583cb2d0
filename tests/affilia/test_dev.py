"""``affilia dev``: what counts as a change, and that the demo goes with its watcher."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from affilia import dev


def source(root: Path, name: str) -> Path:
    file = root / "services" / "members" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return file


def test_a_source_written_added_or_gone_is_a_change(tmp_path: Path):
    rules, page = source(tmp_path, "rules.py"), source(tmp_path, "page.html")
    known = dev.sources(tmp_path)
    assert dev.changes(known, dev.sources(tmp_path)) == []
    os.utime(rules, ns=(1, 1))
    page.unlink()
    source(tmp_path, "mail.j2")
    assert dev.changes(known, dev.sources(tmp_path)) == ["mail.j2", "page.html", "rules.py"]


def test_what_the_demo_itself_writes_is_no_change(tmp_path: Path):
    known = dev.sources(tmp_path)
    source(tmp_path, "rules.cpython-311.pyc")
    (tmp_path / ".affilia").mkdir()
    (tmp_path / ".affilia" / "brand.toml").touch()
    assert dev.changes(known, dev.sources(tmp_path)) == []


def test_the_real_sources_are_watched():
    names = {file.name for file in dev.sources()}
    assert {"dev.py", "hcr.toml", "house.css", "start.html"} <= names


WATCH = """
import sys
from affilia import dev

def start(port):
    return dev.subprocess.Popen([sys.executable, "-c", CHILD], start_new_session=True)

CHILD = "import time; print('child', flush=True); time.sleep(60)"
dev._start = start
looks = iter([{}, {}, {dev.Path("rules.py"): 1}])
dev.sources = lambda last=[{}]: last.append(next(looks, last[-1])) or last[-1]
dev.dev.main(["--port", "1"])
"""


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_a_change_starts_the_demo_again_and_ctrl_c_ends_both(end: signal.Signals):
    with subprocess.Popen([sys.executable, "-c", WATCH], stdout=subprocess.PIPE, text=True) as watcher:
        try:
            _goes_with_its_watcher(watcher, end)
        finally:
            watcher.kill()


def _goes_with_its_watcher(watcher: "subprocess.Popen[str]", end: signal.Signals) -> None:
    assert watcher.stdout
    said = [watcher.stdout.readline() for _ in range(3)]
    assert [line.strip() for line in said] == ["child", "→ rules.py : redémarrage", "child"]
    started = time.monotonic()
    watcher.send_signal(end)
    assert watcher.stdout.read() == "", "the pipe ends when the child has ended too"
    assert watcher.wait(10) == 0
    assert time.monotonic() - started < 10
