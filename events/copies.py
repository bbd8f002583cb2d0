"""The part of one service in the copy of somebody's data (RGPD art. 15 and 20): the same shape for the six, each with its own name."""

from uuid import UUID

from events.fact import Fact, Sealed


class CopyPart(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """``content`` is JSON: a list of sections, each with a key, a title, the labels of its columns and its rows (``chassis.copies``)."""

    copy_id: UUID
    content: Sealed

    @property
    def subject(self) -> str:
        return f"copy:{self.copy_id}"
