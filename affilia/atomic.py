"""Files that are there whole or not at all, whoever dies while writing them; private unless said otherwise."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE, SHARED = 0o600, 0o644


def write_once(file: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write ``file`` unless it is there: of two processes that do so at the same time, the first one's words stay."""
    with _draft(file, content, mode) as draft, suppress(FileExistsError):
        os.link(draft, file)


def replace(file: Path, content: bytes, mode: int = PRIVATE) -> None:
    """Write ``file``; until then a reader sees what was there before."""
    with _draft(file, content, mode) as draft:
        os.replace(draft, file)


@contextmanager
def _draft(file: Path, content: bytes, mode: int) -> Iterator[str]:
    """The content on the disk, beside the place it is meant for."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=file.parent)  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as target:
            target.write(content)
            target.flush()
            os.fchmod(target.fileno(), mode)
            os.fsync(target.fileno())
        yield draft
    finally:
        with suppress(FileNotFoundError):  # renamed
            os.unlink(draft)
