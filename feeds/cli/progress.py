"""A file that is read under a progress bar, where somebody looks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click

TOLD_EVERY = 1 << 16
"""Bytes between two moves of the progress bar."""


class Measured:
    """A file that tells, now and then, how many more bytes were read."""

    def __init__(self, stream: IO[bytes], advance: Callable[[int], object]) -> None:
        self._stream, self._advance, self._untold = stream, advance, 0

    def read(self, size: int = -1, /) -> bytes:
        return self._told(self._stream.read(size))

    def readline(self, limit: int = -1, /) -> bytes:
        return self._told(self._stream.readline(limit))

    def seek(self, place: int, /) -> int:
        return self._stream.seek(place)

    def _told(self, raw: bytes) -> bytes:
        self._untold += len(raw)
        if self._untold > TOLD_EVERY or not raw:
            self._advance(self._untold)
            self._untold = 0
        return raw


@contextmanager
def measured(file: Path, shown: Callable[[int | None], str]) -> Iterator[Measured]:
    """The file, and on a terminal a bar with the bytes read and what ``shown`` says beside them."""
    with (
        file.open("rb") as stream,
        click.progressbar(
            length=file.stat().st_size,
            label=file.name,
            show_eta=False,
            item_show_func=shown,
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar,
    ):
        yield Measured(stream, bar.update)
