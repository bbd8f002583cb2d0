"""What one can do with files: receive, scan, read, let those go that end, sweep what nothing holds."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID

from chassis import inbox, logs, openings
from chassis.problems import Busy, NotFound, Unavailable
from events.documents import DocumentOpened, Received, Refused, Released
from services.documents import access, errors, rules
from services.documents.config import DAY_MAX, LIBRARY, Adapters, Channel, Inspected, ObjectStore, Work
from services.documents.models import Document, LooseObject
from services.documents.rules import Upload

Announce = Callable[[str], None]
"""Commits, apart from the work of the upload, that an object may soon exist that no document holds (:func:`announce`)."""


def receive(work: Work, adapters: Adapters, upload: Upload, announcing: Announce) -> Document:
    """Take a file into quarantine. Raises what is wrong with it, ``NotFound`` for a foreign owner, ``TooManyFiles``, ``TooMuchToday``,
    ``Unavailable``.

    A caseworker who names nobody sends the scan of a paper form, whose symbol does. The object is written before the row that holds it,
    and announced before it is written: whatever dies in between, it is swept.
    """
    channel = access.channel(work, upload.kind)
    scan = work.actor.kind == "caseworker" and upload.owner is None
    owner = None if scan else access.owner(work.actor, upload.owner)
    return _take(work, adapters, upload, owner, channel, announcing)


def publish(work: Work, adapters: Adapters, upload: Upload, announcing: Announce) -> Document:
    """Publish a version of an item of the document base (S1:363-385): it takes the place of the former once the scan has released it.

    Raises as :func:`receive` does, ``Forbidden`` for who does not administer the platform.
    """
    access.publishing(work.actor)
    if access.brand(work).item(upload.kind) is None:
        raise NotFound
    return _take(work, adapters, upload, rules.library(work.brand_key), LIBRARY, announcing)


def _take(work: Work, adapters: Adapters, upload: Upload, owner: str | None, channel: Channel, announcing: Announce) -> Document:
    if len(upload.content) > channel.max_bytes:
        raise errors.TooLarge(max_bytes=channel.max_bytes)
    inspected = adapters.inspect(upload.content, channel.types)
    owner = owner or _named_by_symbol(work, adapters, inspected)
    key = rules.new_key(work.today)
    announcing(key)
    try:
        adapters.store.put(key, BytesIO(inspected.content))
    except errors.StoreDown as error:
        raise Unavailable from error
    return _record(work, channel, key, owner, upload, inspected)


def _named_by_symbol(work: Work, adapters: Adapters, inspected: Inspected) -> str:
    """Whose a scan is that a caseworker sent without saying so (S1:208, S1:228): the symbol of the form says it. Raises ``NoSymbol``."""
    named = rules.owner_named_by(adapters.symbol(inspected) or "")
    if named is None:
        raise errors.NoSymbol
    return access.owner(work.actor, named)


def announce(work: Work, key: str) -> None:
    """Write down that an object is about to exist."""
    work.session.add(LooseObject(key=key, holder=work.actor.reference, since=work.now))


def _record(work: Work, channel: Channel, key: str, owner: str, upload: Upload, inspected: Inspected) -> Document:
    _check_number(work, channel, owner, upload)
    if not access.hold(work, key):
        raise Busy
    document = Document(
        brand=work.brand_key,
        owner=owner,
        kind=upload.kind,
        name=rules.clean_name(upload.name, inspected.media_type),
        media_type=inspected.media_type,
        size=len(inspected.content),
        sha256=hashlib.sha256(inspected.content).hexdigest(),
        key=key,
        received_at=work.now,
        next_scan_at=work.now,
        published_by=work.actor.account_id if channel is LIBRARY else None,
    )
    work.session.add(document)
    work.session.flush()
    _tell_received(work, document)
    return document


def _check_number(work: Work, channel: Channel, owner: str, upload: Upload) -> None:
    if channel.counted == "owner" and access.count_kept(work, owner, upload.kind) >= channel.max_files:
        raise errors.TooManyFiles(max_files=channel.max_files)
    if access.sent_today(work, owner) + len(upload.content) > DAY_MAX:
        raise errors.TooMuchToday(max_bytes=DAY_MAX)


def _tell_received(work: Work, document: Document) -> None:
    work.emit(
        Received(
            document_id=document.id,
            owner=document.owner,
            kind=document.kind,
            media_type=document.media_type,
            size=document.size,
            sha256=document.sha256,
        )
    )
    work.audit("document.received", f"document:{document.id}", owner=document.owner, kind=document.kind, size=document.size)
    inbox.wake(work)


def scan(work: Work, adapters: Adapters) -> bool:
    """Decide on the file that has waited longest. Returns whether one was decided; without a verdict it stays in quarantine."""
    document = access.next_to_scan(work)
    if document is None:
        return False
    branded = work.for_brand(document.brand)
    try:
        reason = _verdict(adapters, document)
    except (errors.ScannerDown, errors.StoreDown) as error:
        logs.log("documents").warning("document.not_scanned", document_id=str(document.id), error=str(error))
        document.next_scan_at = datetime.now(work.now.tzinfo) + rules.SCAN_AGAIN
        return False
    _refuse(branded, document, reason) if reason else _release(branded, document)
    return True


def _verdict(adapters: Adapters, document: Document) -> str | None:
    """Why the file is refused, or ``None``."""
    try:
        content = _content(adapters.store, document)
    except (errors.ObjectMissing, errors.Damaged):
        return rules.LOST
    return rules.INFECTED if adapters.scanner.scan(BytesIO(content)) else None


def _release(work: Work, document: Document) -> None:
    document.release(work.now)
    work.emit(Released(document_id=document.id, owner=document.owner, kind=document.kind))
    work.audit("document.released", f"document:{document.id}")


def expire(work: Work, adapters: Adapters) -> bool:
    """Let one file go whose time is over. Returns whether there was one."""
    document = access.next_over(work)
    if document is None:
        return False
    let_go(work.for_brand(document.brand), document, rules.GONE)
    return True


def let_go(work: Work, document: Document, reason: str) -> None:
    """Nobody reads the file any more; its object is swept, whoever asks why is told."""
    _refuse(work, document, reason)


def _refuse(work: Work, document: Document, reason: str) -> None:
    key = document.refuse(reason, work.now)
    if key is not None:
        work.session.add(LooseObject(key=key, holder="system", since=work.now))
    work.emit(Refused(document_id=document.id, owner=document.owner, kind=document.kind, reason=reason))
    work.audit("document.refused", f"document:{document.id}")


def read_published(work: Work, adapters: Adapters, key: str) -> tuple[Document, bytes]:
    """The current version of an item of the document base. Raises ``NotFound``, ``Damaged``, ``Unavailable``.

    It says nothing of anybody: its publication is audited, not its reading.
    """
    document = access.current_version(work, key)
    return document, _checked(work, adapters, document)


def read_version(work: Work, adapters: Adapters, key: str, document_id: UUID) -> tuple[Document, bytes]:
    """A version of the document base, former ones included. Raises ``NotFound``, ``Damaged``, ``Unavailable``."""
    document = access.version(work, key, document_id)
    return document, _checked(work, adapters, document)


def read(work: Work, adapters: Adapters, document_id: UUID) -> tuple[Document, bytes]:
    """A released file and its bytes, checked against the hash of what was kept.

    Raises ``NotFound``, ``InQuarantine``, ``WasRefused``, ``Damaged``, ``Unavailable``.
    """
    document = access.document(work, document_id)
    if document.state != "released":
        raise errors.InQuarantine if document.state == "quarantine" else errors.WasRefused
    content = _checked(work, adapters, document)
    work.audit("document.read", f"document:{document.id}")
    if document.owner.startswith(rules.PEOPLE):
        openings.told(work.for_brand(document.brand), DocumentOpened, document.owner, "document")
    return document, content


def _checked(work: Work, adapters: Adapters, document: Document) -> bytes:
    try:
        return _content(adapters.store, document)
    except errors.StoreDown as error:
        raise Unavailable from error
    except (errors.ObjectMissing, errors.Damaged) as error:
        work.audit("document.damaged", f"document:{document.id}")
        raise errors.Damaged from error


def _content(store: ObjectStore, document: Document) -> bytes:
    with store.open(document.key or "") as stream:
        content = stream.read()
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), document.sha256):
        raise errors.Damaged
    return content


def sweep(work: Work, adapters: Adapters) -> bool:
    """Delete one object that nothing has held for an hour. Returns whether there was one."""
    loose = access.next_loose(work)
    if loose is None:
        return False
    try:
        adapters.store.delete(loose.key)
    except errors.StoreDown:
        return False
    work.session.delete(loose)
    return True
