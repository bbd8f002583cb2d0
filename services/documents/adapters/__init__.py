"""The outside of documents: where objects lie, what looks for viruses, what decodes pictures and PDFs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chassis.copies import Section
from services.documents.adapters.archives import archive
from services.documents.adapters.breaker import Breaker
from services.documents.adapters.reading import inspect
from services.documents.adapters.s3 import S3Bucket
from services.documents.adapters.scanners import Clamd, SansAntivirus
from services.documents.adapters.stores import LocalFolder
from services.documents.adapters.symbols import read as read_symbol
from services.documents.config import DocumentsSettings, Inspected, ObjectStore, Scanner
from services.documents.rules import MediaType


@dataclass(frozen=True)
class Outside:
    """What the edges hand to actions."""

    store: ObjectStore
    scanner: Scanner

    def archive(self, parts: Mapping[str, list[Section]], now: datetime) -> bytes:
        return archive(parts, now)

    def inspect(self, content: bytes, accepted: tuple[MediaType, ...]) -> Inspected:
        return inspect(content, accepted)

    def symbol(self, inspected: Inspected) -> str | None:
        return read_symbol(inspected.content, inspected.media_type)


def make_adapters(settings: DocumentsSettings) -> Outside:
    """The store and the antivirus that the settings name."""
    scanner: Scanner = Clamd(settings.clamd) if settings.antivirus == "clamd" else SansAntivirus()
    store = make_store(settings)
    return Outside(store=Breaker(store) if settings.s3_bucket else store, scanner=scanner)


def make_store(settings: DocumentsSettings) -> ObjectStore:
    """The store itself: a bucket when one is named, else a folder."""
    return S3Bucket(settings) if settings.s3_bucket else LocalFolder(settings.store)
