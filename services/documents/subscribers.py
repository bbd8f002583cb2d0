"""The message door of documents: the copies of their data that people ask for, and the parts that the services tell."""

from collections.abc import Sequence
from typing import Any

from chassis.copies import giving
from chassis.service import Handler
from chassis.work import Told
from events.affiliation import AffiliationPart
from events.copies import CopyPart
from events.documents import DocumentsPart
from events.employers import EmployersPart
from events.fact import Fact
from events.identity import AccountDeleted, CopyAsked, IdentityPart
from events.members import MembersPart
from events.messaging import MessagingPart
from services.documents import actions
from services.documents.actions.copies import gather
from services.documents.config import Adapters, Work

GIVE = giving(DocumentsPart, gather)
PARTS: tuple[type[Fact], ...] = (IdentityPart, MembersPart, EmployersPart, AffiliationPart, DocumentsPart, MessagingPart)


def on_asked(work: Work, tolds: Sequence[Told[CopyAsked]], adapters: Adapters) -> None:
    for told in tolds:
        actions.note_asked(work.because(told), told.fact)
    GIVE(work, tolds, adapters)


def on_part(work: Work, tolds: Sequence[Told[CopyPart]], adapters: Any) -> None:
    for told in tolds:
        actions.note_part(work.because(told), told.fact)


def on_account_deleted(work: Work, tolds: Sequence[Told[AccountDeleted]], adapters: Any) -> None:
    for told in tolds:
        actions.forget_account(work.because(told), told.fact)


SUBSCRIPTIONS: dict[type[Fact], Handler] = {
    CopyAsked: on_asked,
    AccountDeleted: on_account_deleted,
    **dict.fromkeys(PARTS, on_part),
}
