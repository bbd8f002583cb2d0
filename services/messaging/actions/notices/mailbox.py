"""What was answered in the mailbox, and notices that were read."""

import uuid

from events.messaging import ThreadAnswered
from services.messaging import access
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork
from services.messaging.models import Notice


def tell_answer(work: MessagingWork, fact: ThreadAnswered) -> None:
    """Somebody of ours answered: a mail says that, leads to the conversation, and tells nothing of what was said (S1:323)."""
    draft = Draft(
        cause=f"message:{fact.message_id}",
        recipient=fact.owner,
        template="answered",
        about=f"thread:{fact.thread_id}",
        space=fact.space,
        company=fact.company,
        content={"motif": fact.motif_label, "page": f"messages/{fact.thread_id}"},
    )
    write(work, draft)


def mark_read(work: MessagingWork, notice_id: uuid.UUID) -> Notice:
    """The person opened a notice of the bell; opening it again changes nothing."""
    notice = access.own_notice(work, notice_id)
    notice.read_at = notice.read_at or work.now
    return notice
