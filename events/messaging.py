"""What messaging tells about what it hands over to people."""

from uuid import UUID

from events.accesses import FileOpened
from events.copies import CopyPart
from events.fact import Fact
from events.identity import Channel


class NoticeHandedOver(Fact, frozen=True, kw_only=True):
    """A notice left for a person, once. ``about`` is the subject it speaks of (``affiliation:<id>``, ``person:<id>``…)."""

    name = "messaging.notice_handed_over.v1"
    notice_id: UUID
    about: str
    template: str
    channel: Channel

    @property
    def subject(self) -> str:
        return f"notice:{self.notice_id}"


class NoticeUndelivered(Fact, frozen=True, kw_only=True):
    """A notice that no carrier will take: a refused address, a mailbox that is gone. ``reason`` is a word of ours, never the address."""

    name = "messaging.notice_undelivered.v1"
    notice_id: UUID
    about: str
    template: str
    channel: Channel
    reason: str

    @property
    def subject(self) -> str:
        return f"notice:{self.notice_id}"


class ThreadAnswered(Fact, frozen=True, kw_only=True):
    """A caseworker answered in a conversation. ``owner`` is ``person:<id>`` or ``account:<id>``, ``company`` the SIREN she wrote for."""

    name = "messaging.thread_answered.v1"
    thread_id: UUID
    message_id: UUID
    owner: str
    space: str
    motif_label: str
    company: str | None = None

    @property
    def subject(self) -> str:
        return f"thread:{self.thread_id}"


class ThreadOpened(FileOpened, frozen=True, kw_only=True):
    """A conversation was opened by somebody else than its owner."""

    name = "messaging.file_opened.v1"


class MessagingPart(CopyPart, frozen=True, kw_only=True):
    """What messaging holds: where one is reached, what one was told."""

    name = "messaging.copy_part.v1"
