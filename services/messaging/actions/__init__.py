"""What messaging can do: know people (contacts), write to them (notices), hand over what is written (handover)."""

from services.messaging.actions.contacts import Reach, forget_account, grant, know, move, name_place, note_consent, revoke
from services.messaging.actions.forgetting import forget_next
from services.messaging.actions.handover import claim, expire_waiting, hand_over
from services.messaging.actions.notices.accounts import (
    announce_copy,
    send_receipt,
    tell_of_factor,
    tell_of_password,
    tell_of_provider,
    tell_of_rearming,
    warn_of_change,
    warn_of_copy,
    warn_of_phone,
    welcome,
)
from services.messaging.actions.notices.mailbox import mark_read, tell_answer
from services.messaging.actions.notices.portability import tell_of_portability
from services.messaging.actions.notices.reimbursements import tell_of_reimbursement
from services.messaging.actions.notices.rights import ask_for_proof, change_rights, open_rights, tell_of_right
from services.messaging.actions.notices.ways_in import invite, issue_code, issue_link, issue_password_link

__all__ = [
    "Reach",
    "announce_copy",
    "ask_for_proof",
    "change_rights",
    "claim",
    "expire_waiting",
    "forget_account",
    "forget_next",
    "grant",
    "hand_over",
    "invite",
    "issue_code",
    "issue_link",
    "issue_password_link",
    "know",
    "mark_read",
    "move",
    "name_place",
    "note_consent",
    "open_rights",
    "revoke",
    "send_receipt",
    "tell_answer",
    "tell_of_factor",
    "tell_of_password",
    "tell_of_portability",
    "tell_of_provider",
    "tell_of_rearming",
    "tell_of_reimbursement",
    "tell_of_right",
    "warn_of_change",
    "warn_of_copy",
    "warn_of_phone",
    "welcome",
]
