"""Letters, kept in a folder that a print shop would collect: one PDF a letter, named by its notice."""

import os
from datetime import datetime
from pathlib import Path

from services.messaging.actions.ports import Parcel
from services.messaging.config import MessagingWork
from services.messaging.errors import Unreachable


class LocalPost:
    """A letter is posted when its file has its final name: whole or not at all, and never twice."""

    joins = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, work: MessagingWork, parcel: Parcel) -> str:
        path = self._path(parcel)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = path.with_suffix(".part")
            draft.write_bytes(parcel.pdf or b"")
            os.replace(draft, path)
        except OSError as error:
            raise Unreachable("folder_unwritable") from error
        return path.name

    def already(self, parcel: Parcel, since: datetime) -> str | None:
        path = self._path(parcel)
        return path.name if path.exists() else None

    def _path(self, parcel: Parcel) -> Path:
        return self._folder / f"{parcel.id}.pdf"
