"""Portabilities that members declare (S4:150-168): received, and answered when they cannot be granted as they are."""

import uuid

from events.fact import opened
from events.members import PortabilityAnswered
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork


def tell_of_portability(work: MessagingWork, fact: PortabilityAnswered, cause: uuid.UUID) -> None:
    """The member hears that her declaration arrived, or why a proof or all of it is refused; a portability granted is told with her
    rights."""
    about, content = f"portability:{fact.request_id}", {"reason": opened(fact.reason)}
    template = f"portability_{fact.answer}"
    write(work, Draft(cause=str(cause), recipient=f"person:{fact.person_id}", template=template, about=about, content=content))
