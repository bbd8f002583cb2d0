"""A person learns who opened what is theirs: one fact, for the service that lists them, beside the line of one's own audit trail.

A service calls :func:`told` where it shows something of somebody; whoever looks at their own file tells nothing.
"""

from typing import Any, get_args

import msgspec

from chassis.actor import Actor
from chassis.work import Work
from events.accesses import FileOpened, Reader

READERS = frozenset(get_args(Reader))
"""The kinds of actor who read what is another's."""
PLATFORM = "platform"


def told(work: Work[Any], kind: type[FileOpened], about: str, what: str, *scopes: str) -> None:
    """Tell that the actor, if one of ``READERS``, opened ``what`` of ``about``; ``scopes`` are whom they act for, or what a list held."""
    actor = work.actor
    if actor.kind not in READERS:
        return
    said = {"about": about, "what": what, "reader": actor.kind, "role": role(actor, *scopes), "scopes": scopes}
    work.emit(msgspec.convert(said, kind))


def role(actor: Actor, *scopes: str) -> str:
    """What a reader is there as: the role held on the first of ``scopes`` where there is one, else at the platform."""
    return next((held for scope in (*scopes, PLATFORM) if (held := actor.role(scope))), "")
