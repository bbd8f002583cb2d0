"""Which of the two forms a file of décomptes has, by how it begins."""

from collections.abc import Iterator
from typing import Protocol

from feeds import kit
from feeds.noemie import entities, neutral
from feeds.numbered import Flaw


class Stream(Protocol):
    """What is asked of a file here."""

    def read(self, size: int = -1, /) -> bytes: ...

    def readline(self, limit: int = -1, /) -> bytes: ...

    def seek(self, place: int, /) -> int: ...


def read(stream: Stream) -> Iterator[kit.Item | Flaw]:
    """The décomptes of a file in their order, each with its id, or what is wrong and where."""
    begins = stream.read(len(entities.HEADER))
    stream.seek(0)
    return entities.read(stream) if begins == entities.HEADER.encode() else neutral.read(stream)
