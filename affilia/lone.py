"""One instance at a time on a data folder. The kernel lets go of the lock when its holder dies, however it dies: nothing to clean up."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

LOCK = "instance.lock"
PATIENCE_S = 2.0
"""How long the lock of a process killed a moment ago may take to be let go of."""


@contextmanager
def alone(folder: Path, address: str = "") -> Iterator[None]:
    """Hold the folder for as long as the ``with`` lasts, and write there where the instance answers.

    Raises ``ClickException``, in French, when another instance holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK).open("a+") as lock:
        _take(lock, folder, PATIENCE_S)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n" + (f"{address}\n" if address else ""))
        lock.flush()
        yield


def refuse_second(folder: Path) -> None:
    """Say at once that an instance runs on this folder; makes nothing. ``alone`` stays the judge."""
    if (folder / LOCK).exists():
        with (folder / LOCK).open("a+") as lock:
            _take(lock, folder, PATIENCE_S)


def _take(lock: TextIO, folder: Path, patience: float) -> None:
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise click.ClickException(_refusal(lock, folder)) from None
        time.sleep(0.1)


def _refusal(lock: TextIO, folder: Path) -> str:
    lock.seek(0)
    who = lock.readline().strip()
    process = f" (processus {who})" if who else ""
    return f"Une instance d'Affilia tourne déjà sur les données de {folder}{process} : arrêtez-la d'abord par Ctrl-C."
