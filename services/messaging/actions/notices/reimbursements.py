"""Reimbursements (S0:139-154): something new is there. What was cared for, for whom and for how much is read in the space alone."""

from events.members import Reimbursed
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork


def tell_of_reimbursement(work: MessagingWork, fact: Reimbursed) -> None:
    """The member hears that a reimbursement is there, or that one was corrected: once a day, however many lines came that day."""
    template = "reimbursement_corrected" if fact.corrected else "reimbursed"
    about = f"reimbursements:{fact.person_id}"
    cause = f"{template}:{fact.person_id}:{work.today}"
    write(work, Draft(cause=cause, recipient=f"person:{fact.person_id}", template=template, about=about, content={}))
