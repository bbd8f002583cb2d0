"""What was said to somebody who deleted an account goes on the day that the receipt told (S2:30)."""

from sqlalchemy import delete, update

from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Forgetting, Message, Notice, Thread

NOBODY = "erased"


def plan(work: MessagingWork, *recipients: str) -> None:
    """Their account was just deleted: from now on, the receipt's years run."""
    for recipient in recipients:
        work.session.merge(Forgetting(recipient=recipient, deleted_at=work.now, due_on=rules.kept_until(work.today)))


def call_off(work: MessagingWork, recipient: str) -> None:
    """The same person opened an account again: what was said is theirs to read."""
    work.session.execute(delete(Forgetting).where(Forgetting.recipient == recipient))


def forget_next(work: MessagingWork) -> int:
    """Erase what was said to one deleted account whose day has come. Returns how many there were.

    That a notice left stays, as the trail of deliveries does: to nobody, about nothing, without a word.
    """
    due = access.next_to_forget(work)
    if due is None:
        return 0
    theirs = Thread.owner == due.recipient, Thread.last_at <= due.deleted_at
    work.session.execute(delete(Message).where(Message.thread_id.in_(access.ids_of_threads(*theirs))))
    work.session.execute(delete(Thread).where(*theirs))
    written = Notice.recipient == due.recipient, Notice.created_at <= due.deleted_at
    blank = {"recipient": NOBODY, "about": NOBODY, "to": None, "content": None, "cause": access.anonymous_cause()}
    work.session.execute(update(Notice).where(*written).values(blank).execution_options(synchronize_session=False))
    work.session.delete(due)
    work.audit("conversations.forgotten", due.recipient)
    return 1
