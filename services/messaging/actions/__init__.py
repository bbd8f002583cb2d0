"""What messaging can do: know people (contacts), write to them (notices), hand over what is written (handover)."""

from services.messaging.actions.contacts import Reach, forget_account, grant, know, move, name_place, note_consent, revoke
from services.messaging.actions.handover import claim, expire_waiting, hand_over
from services.messaging.actions.notices import (
    change_rights,
    invite,
    issue_code,
    issue_link,
    mark_read,
    open_rights,
    send_receipt,
    tell_answer,
    tell_of_right,
    warn_of_change,
    warn_of_copy,
    warn_of_phone,
    welcome,
)

__all__ = [
    "Reach",
    "change_rights",
    "claim",
    "expire_waiting",
    "forget_account",
    "grant",
    "hand_over",
    "invite",
    "issue_code",
    "issue_link",
    "know",
    "mark_read",
    "move",
    "name_place",
    "note_consent",
    "open_rights",
    "revoke",
    "send_receipt",
    "tell_answer",
    "tell_of_right",
    "warn_of_change",
    "warn_of_copy",
    "warn_of_phone",
    "welcome",
]
