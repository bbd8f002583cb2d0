"""What a platform confirmed of one file, a line a batch: a run that was cut short is taken up where it stopped, with the same ids."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple
from uuid import UUID

import msgspec

from feeds.kit import Item


class Heading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which file was sent (SHA-256 of its bytes), and where."""

    file: str
    to: str


class Confirmed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many facts of the file are confirmed, from its first; the last of them."""

    facts: int
    last: UUID


class WrongJournal(ValueError):
    """The journal is not one, or is another file's; the message is French."""


class Place(NamedTuple):
    """Where the run before stopped."""

    facts: int = 0
    last: UUID | None = None


class Journal:
    """A journal of a publication. Facts are confirmed in the order of the file, so that one number tells all of them."""

    def __init__(self, stream: IO[bytes] | None, place: Place = Place()) -> None:  # noqa: B008  # a tuple
        self._stream, self._place, self._facts = stream, place, 0

    @classmethod
    def begun(cls, path: Path, file: Path, to: str) -> "Journal":
        """A new journal, in the place of another."""
        stream = path.open("wb")
        _kept(stream, Heading(_digest(file), to))
        return cls(stream)

    @classmethod
    def resumed(cls, path: Path, file: Path, to: str) -> "Journal":
        """The journal of a run that was cut short, to be continued. Raises ``WrongJournal``."""
        if not path.exists():
            return cls.begun(path, file, to)
        heading, place, size = _read(path)
        if heading != Heading(_digest(file), to):
            raise WrongJournal("ce journal est celui d'un autre fichier, ou d'une autre plateforme")
        os.truncate(path, size)  # a line that was being written when the run was cut
        return cls(path.open("ab"), place)

    @property
    def already(self) -> int:
        """How many facts the run before had confirmed."""
        return self._place.facts

    def unconfirmed(self, items: Iterable[Item]) -> Iterator[Item]:
        """What is left to send. Raises ``WrongJournal`` when the file is not read as it was (the kit may be another)."""
        rest = iter(items)
        if self.already:
            self._skip(rest)
        yield from rest

    def _skip(self, rest: Iterator[Item]) -> None:
        last = next(islice(rest, self.already - 1, self.already), None)
        if last is None or last.id != self._place.last:
            raise WrongJournal("ce fichier ne se lit plus comme au premier envoi : recommencez sans journal")
        self._facts = self.already

    def confirm(self, batch: Sequence[Item]) -> None:
        """A batch was taken: written down before the next one leaves."""
        self._facts += len(batch)
        if self._stream and batch:
            _kept(self._stream, Confirmed(self._facts, batch[-1].id))

    def close(self) -> None:
        if self._stream:
            self._stream.close()


def _kept(stream: IO[bytes], line: msgspec.Struct) -> None:
    stream.write(msgspec.json.encode(line) + b"\n")
    stream.flush()
    os.fsync(stream.fileno())


def _read(path: Path) -> tuple[Heading, Place, int]:
    """The heading, the last line that was written whole, and how many bytes are."""
    whole = path.read_bytes().rpartition(b"\n")[0]
    heading, *confirmed = whole.split(b"\n")
    try:
        told = msgspec.json.decode(heading, type=Heading)
        last = msgspec.json.decode(confirmed[-1], type=Confirmed) if confirmed else None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongJournal("ce fichier n'est pas un journal d'envoi") from error
    return told, Place(last.facts, last.last) if last else Place(), len(whole) + 1


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
