"""Who acts: read from a signed identity, never from a header that is not signed."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

ADDED = "+"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who a request or a message acts for, decided once at the door.

    ``kind`` is the audience a route names; ``reference`` what the account stands for (``kind:id``); ``grants`` maps each scope to the
    role held there, and what was added to it (``user+exports``); ``strong`` says that a second factor was given in this session.
    ``held_until``: sensitive acts wait until then (:mod:`chassis.hold`). ``browser`` is what a visitor signs in with, as people call it:
    no identity tells it.
    """

    kind: str
    brand: str = ""
    space: str = ""
    account_id: UUID | None = None
    session_id: UUID | None = None
    reference: str = ""
    grants: dict[str, str] = {}
    strong: bool = False
    held_until: datetime | None = None
    address: str = ""
    browser: str = ""

    @property
    def name(self) -> str:
        """How logs and the audit trail call this actor: its kind and its account, never a person's name."""
        return f"{self.kind}:{self.account_id}" if self.account_id else self.kind

    def holds(self, scope: str, *roles: str) -> bool:
        """Whether one of ``roles`` (any role when none is given) is held on ``scope``."""
        role = self.role(scope)
        return role is not None and (not roles or role in roles)

    def role(self, scope: str) -> str | None:
        """The role held on ``scope``, without what was added to it."""
        held = self.grants.get(scope)
        return None if held is None else held.partition(ADDED)[0]

    def was_given(self, scope: str, addition: str) -> bool:
        """Whether ``addition`` was added to the role held on ``scope``."""
        return addition in self.grants.get(scope, "").split(ADDED)[1:]

    def claims(self) -> dict[str, Any]:
        """The claims of the signed identity that says this."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return {key: value for key, value in built.items() if value not in (None, "", {}, False)}


ANONYMOUS = "anonymous"
SYSTEM = Actor(kind="system")
"""The platform itself: workers, timers, the fold of facts. Never a person, never reachable over HTTP."""
