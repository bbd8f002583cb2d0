"""Copies of people's data: the parts of the services are kept until all are there, then one archive is made, scanned and kept a week."""

import hashlib
from io import BytesIO
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from chassis import copies, inbox
from chassis.copies import Section, section
from chassis.labels import _
from events.copies import CopyPart
from events.documents import Received
from events.identity import AccountDeleted, CopyAsked
from services.documents import access, errors, rules
from services.documents.actions import files
from services.documents.config import Adapters, Work
from services.documents.models import Copy, Document, LooseObject, Part

FILES = {"name": _("Fichier"), "kind": _("Nature"), "received_at": _("Reçu le"), "size": _("Octets"), "state": _("Situation")}


def gather(work: Work, asked: CopyAsked) -> list[Section]:
    """What documents holds of who asks: the list of the files, each of which is downloaded in one's space."""
    return [section("files", _("Vos fichiers"), FILES, access.documents_of(work, asked.reference))]


def note_asked(work: Work, asked: CopyAsked) -> None:
    """Somebody wants a copy: its parts come from the six services, maybe before this."""
    row = {"id": asked.copy_id, "brand": work.brand_key, "owner": asked.reference, "asked_at": work.now}
    work.session.execute(insert(Copy).values(row).on_conflict_do_nothing())
    _complete(work, asked.copy_id)


def note_part(work: Work, part: CopyPart) -> None:
    """One service told its part; the same part again changes nothing."""
    service = part.name.partition(".")[0]
    row = {"copy_id": part.copy_id, "service": service, "content": part.content.value, "told_at": work.now}
    work.session.execute(insert(Part).values(row).on_conflict_do_nothing())
    _complete(work, part.copy_id)


def assemble(work: Work, adapters: Adapters) -> bool:
    """Make the archive of the copy that has waited longest. Returns whether there was one; without a store it waits.

    Its key was written down when it became complete, as an object that nothing holds: whatever dies here is swept, or made again.
    """
    copy = access.next_complete_copy(work)
    if copy is None or copy.key is None:
        return False
    parts = access.parts(work, copy.id)
    content = adapters.archive({part.service: copies.read(part.content) for part in parts}, work.now)
    try:
        adapters.store.put(copy.key, BytesIO(content))
    except errors.StoreDown:
        return False
    if not access.hold(work, copy.key):
        copy.key = _new_key(work)
        return False
    _keep(work, copy, content)
    for part in parts:
        work.session.delete(part)
    return True


def forget_account(work: Work, fact: AccountDeleted) -> None:
    """Copies only served the account that asked for them, those that are being gathered included."""
    access.forget_gathering(work, Copy.owner == fact.reference)
    for document in access.copies_of(work, fact.reference):
        files.let_go(work.for_brand(document.brand), document, rules.GONE)


def forget_late(work: Work) -> None:
    """What was told for a copy that never became whole, or that nobody waits for, is kept no longer than an archive would be."""
    access.forget_gathering(work, Copy.asked_at < work.now - rules.COPY_KEPT)
    access.forget_parts(work, work.now - rules.COPY_KEPT)


def _complete(work: Work, copy_id: UUID) -> None:
    """Once the six parts of a copy that was asked for are there, the archive has a key."""
    copy = access.copy(work, copy_id)
    if copy is not None and copy.key is None and len(access.parts(work, copy_id)) == len(rules.SERVICES):
        copy.key = _new_key(work)
        inbox.wake(work)


def _new_key(work: Work) -> str:
    key = rules.new_key(work.today)
    work.session.add(LooseObject(key=key, holder="system", since=work.now))
    return key


def _keep(work: Work, copy: Copy, content: bytes) -> None:
    digest, branded = hashlib.sha256(content).hexdigest(), work.for_brand(copy.brand)
    kept: dict[str, Any] = {
        "owner": copy.owner,
        "kind": rules.COPY_KIND,
        "media_type": rules.ARCHIVE,
        "size": len(content),
        "sha256": digest,
    }
    times = {"received_at": work.now, "next_scan_at": work.now, "expires_at": work.now + rules.COPY_KEPT}
    work.session.add(Document(id=copy.id, brand=copy.brand, name=rules.COPY_NAME, key=copy.key, **kept, **times))
    copy.assembled_at = work.now
    branded.emit(Received(document_id=copy.id, **kept))
    branded.audit("copy.assembled", f"document:{copy.id}", size=len(content))
    inbox.wake(work)
