"""The tables of messaging, and the behaviour that belongs to one row."""

from services.messaging.models.base import VAULT, Base, SealedJson
from services.messaging.models.changes import Change, Digest, Employee, Mark
from services.messaging.models.notices import Attempt, Caught, Notice
from services.messaging.models.people import Consent, Contact, Forgetting, Place, Reader
from services.messaging.models.threads import Attachment, Message, Thread

__all__ = [
    "VAULT",
    "Attachment",
    "Attempt",
    "Base",
    "Caught",
    "Change",
    "Consent",
    "Contact",
    "Digest",
    "Employee",
    "Forgetting",
    "Mark",
    "Message",
    "Notice",
    "Place",
    "Reader",
    "SealedJson",
    "Thread",
]
