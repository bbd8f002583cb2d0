"""What documents tells about a stored file.

``owner`` is the key of who it belongs to: ``affiliation:<id>``, ``person:<id>``, ``company:<siren>``.
"""

from uuid import UUID

from events.accesses import FileOpened
from events.copies import CopyPart
from events.fact import Fact


class _Stored(Fact, frozen=True, kw_only=True, omit_defaults=True):
    document_id: UUID
    owner: str
    kind: str

    @property
    def subject(self) -> str:
        return f"document:{self.document_id}"


class Received(_Stored, frozen=True, kw_only=True):
    """A file arrived and waits in quarantine. ``size`` is in bytes, ``sha256`` in hexadecimal."""

    name = "documents.received.v1"
    media_type: str
    size: int
    sha256: str


class Released(_Stored, frozen=True, kw_only=True):
    """The file was scanned and is readable by those who may."""

    name = "documents.released.v1"


class Refused(_Stored, frozen=True, kw_only=True):
    """The scan refused the file; ``reason`` is a plain French sentence."""

    name = "documents.refused.v1"
    reason: str


class DocumentOpened(FileOpened, frozen=True, kw_only=True):
    """A file was opened by somebody else than its owner."""

    name = "documents.file_opened.v1"


class DocumentsPart(CopyPart, frozen=True, kw_only=True):
    """What documents holds: the list of the files, not the files themselves."""

    name = "documents.copy_part.v1"
