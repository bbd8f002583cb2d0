"""Objects in a folder of this machine. One contract for every store: ``tests/documents/test_store.py``."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from services.documents.errors import ObjectMissing, StoreDown
from services.documents.rules import checked_key

PART = ".part"


class LocalFolder:
    """Objects as files of one folder, for the demo and the tests: whole or absent, on the disk when ``put`` returns."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, stream: BinaryIO) -> None:
        """Write beside, force to the disk, then rename: a reader never sees half an object, a power cut never leaves one."""
        path = self._path(key)
        part = path.with_name(path.name + PART)
        with _store_errors():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                shutil.copyfileobj(stream, file)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
            _force(path.parent)

    def open(self, key: str) -> BinaryIO:
        path = self._path(key)
        with _store_errors():
            try:
                return path.open("rb")
            except FileNotFoundError as error:
                raise ObjectMissing(key) from error

    def delete(self, key: str) -> None:
        path = self._path(key)
        with _store_errors():
            path.unlink(missing_ok=True)
            path.with_name(path.name + PART).unlink(missing_ok=True)

    def ping(self) -> None:
        with _store_errors():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self._root, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(self._root)

    def _path(self, key: str) -> Path:
        """Where a key lies; none leads out of the folder."""
        return self._root / checked_key(key)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreDown(type(error).__name__) from error


def _force(folder: Path) -> None:
    """Have the folder itself remember the new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
