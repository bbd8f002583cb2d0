"""What one can do with documents: files that people send, and the copies of their data that they ask for."""

from services.documents.actions.copies import assemble, forget_account, forget_late, note_asked, note_part
from services.documents.actions.files import Announce, announce, expire, publish, read, read_published, read_version, receive, scan, sweep

__all__ = [
    "Announce",
    "announce",
    "assemble",
    "expire",
    "forget_account",
    "forget_late",
    "note_asked",
    "note_part",
    "publish",
    "read",
    "read_published",
    "read_version",
    "receive",
    "scan",
    "sweep",
]
