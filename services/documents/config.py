"""What documents is given: its settings, its table of the brand file, and the ports that the outside answers through."""

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Literal, Protocol, TypeAlias

import msgspec
from msgspec import Meta

from chassis import work
from chassis.config import BadConfiguration, Settings
from chassis.copies import Section
from services.documents.rules import KINDS, MediaType

FILE_MAX = 10_000_000
"""The platform's own cap on a file, in bytes: a brand sets smaller ones."""
DAY_MAX = 200_000_000
"""What an owner may send in 24 hours, in bytes."""

Antivirus = Literal["sans-antivirus", "clamd"]
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
ENDPOINT = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?/?")


class DocumentsSettings(Settings, frozen=True, kw_only=True):
    """``clamd`` is ``host:port``. Objects lie in the folder ``store``, unless ``s3_bucket`` names a bucket, which must exist.

    Without ``s3_endpoint`` (``https://host:port``) the bucket is Amazon's own, in ``s3_region``. ``s3_timeout`` is in seconds, for one
    answer. As every setting, the two keys may be given as files: ``AFFILIA_S3_ACCESS_KEY_FILE``, ``AFFILIA_S3_SECRET_KEY_FILE``.
    """

    store: Path = Path(".affilia/files")
    s3_bucket: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = ""
    s3_timeout: Annotated[float, Meta(gt=0)] = 10.0
    antivirus: Antivirus = "sans-antivirus"
    clamd: str = "127.0.0.1:3310"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mode == "production" and self.antivirus == "sans-antivirus":
            raise BadConfiguration("Le réglage « antivirus » vaut « sans-antivirus » : il est refusé en production.")
        if self.s3_bucket:
            self._check_s3()

    def _check_s3(self) -> None:
        for name in ("s3_region", "s3_access_key", "s3_secret_key"):
            if not getattr(self, name):
                raise BadConfiguration(f"Le réglage « {name} » est vide : « s3_bucket » en a besoin.")
        if not BUCKET.fullmatch(self.s3_bucket):
            raise BadConfiguration("Le réglage « s3_bucket » n'est pas un nom de bucket (3 à 63 minuscules, chiffres et tirets).")
        if self.s3_endpoint and not ENDPOINT.fullmatch(self.s3_endpoint):
            raise BadConfiguration("Le réglage « s3_endpoint » n'est pas une adresse : « https://hôte:port » est attendu.")


class Channel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one use of the platform accepts: ``kinds`` it asks for with their French names, types by content, caps per file and per kind.

    ``counted``: each owner keeps ``max_files`` of a kind, or each request carries that many, which is for who takes the request to say.
    """

    kinds: dict[str, str]
    types: Annotated[tuple[MediaType, ...], Meta(min_length=1)]
    max_bytes: Annotated[int, Meta(gt=0, le=FILE_MAX)]
    max_files: Annotated[int, Meta(gt=0)]
    counted: Literal["owner", "request"] = "owner"


LIBRARY = Channel(kinds={}, types=("application/pdf",), max_bytes=10_000_000, max_files=1_000)
"""What the document base takes: PDF files, as many versions as are ever published."""


class BaseItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A document that everybody of a space may download (S1:363-385); the caseworkers publish its versions."""

    key: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{1,59}$")]
    space: Literal["assure", "entreprise"]
    group: str
    label: str


class DocumentsBrand(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The ``[documents]`` table: upload channels by name, and the document base. A kind belongs to one channel, or to the base."""

    uploads: dict[str, Channel] = {}
    base: tuple[BaseItem, ...] = ()

    def __post_init__(self) -> None:
        kinds = [kind for channel in self.uploads.values() for kind in channel.kinds] + [item.key for item in self.base]
        if len(kinds) != len(set(kinds)):
            raise ValueError("un genre de pièce figure dans deux canaux")

    @property
    def max_bytes(self) -> int:
        """The largest file that any channel takes."""
        return max((channel.max_bytes for channel in self.uploads.values()), default=0)

    def channel(self, kind: str) -> Channel | None:
        """The channel that asks for files of this kind."""
        return next((channel for channel in self.uploads.values() if kind in channel.kinds), None)

    def item(self, key: str, space: str | None = None) -> BaseItem | None:
        """An item of the base, of one space or of any."""
        return next((item for item in self.base if item.key == key and space in (None, item.space)), None)

    def label(self, kind: str) -> str:
        """The French name of a kind, or its key when the brand has dropped it since."""
        channel, item = self.channel(kind), self.item(kind)
        return channel.kinds[kind] if channel else item.label if item else KINDS.get(kind, kind)


Work: TypeAlias = work.Work[DocumentsBrand]


class ObjectStore(Protocol):
    """A heap of objects by key (``yyyy/uuid``): no name, no type, no right. Each call, and reading what was opened, may raise
    ``StoreDown``."""

    def put(self, key: str, stream: BinaryIO) -> None:
        """Keep the stream's bytes under ``key``: all of them or nothing, on the disk when this returns."""

    def open(self, key: str) -> BinaryIO:
        """The bytes kept under ``key``, to read and close. Raises ``ObjectMissing``."""

    def delete(self, key: str) -> None:
        """Forget ``key``; harmless when there is none."""

    def ping(self) -> None:
        """Return when the store could answer."""


class Scanner(Protocol):
    """An antivirus."""

    def scan(self, stream: BinaryIO) -> str | None:
        """The name of what was found, ``None`` when nothing was. Raises ``ScannerDown`` when there is no verdict."""

    def ping(self) -> None:
        """Return when the antivirus could answer, else raise ``ScannerDown``."""


class Adapters(Protocol):
    """What an edge hands to an action."""

    @property
    def store(self) -> ObjectStore: ...

    @property
    def scanner(self) -> Scanner: ...

    def archive(self, parts: Mapping[str, list[Section]], now: datetime) -> bytes:
        """The archive of somebody's data, from the part of each service."""

    def inspect(self, content: bytes, accepted: tuple[MediaType, ...]) -> "Inspected":
        """What may be kept of a file that somebody sent. Raises a refusal that says what is wrong with it."""

    def symbol(self, inspected: "Inspected") -> str | None:
        """What the square symbol of a paper form says, when there is one that can be read."""


class Inspected(msgspec.Struct, frozen=True, kw_only=True):
    """A file found harmless: its true type, and its bytes as they will be kept."""

    media_type: MediaType
    content: bytes
