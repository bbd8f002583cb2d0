"""What the worker of documents does beside its inbox."""

from services.documents import actions
from services.documents.config import Adapters, Work


def scan(work: Work, adapters: Adapters) -> int:
    """Decide on one file in quarantine, in a transaction of its own; the route wakes the worker for it."""
    return int(actions.scan(work, adapters))


def assemble(work: Work, adapters: Adapters) -> int:
    """Make one archive of somebody's data; whoever completes one wakes the worker for it."""
    return int(actions.assemble(work, adapters))


def expire(work: Work, adapters: Adapters) -> int:
    """Let one file go whose time is over."""
    return int(actions.expire(work, adapters))


def forget_late(work: Work, adapters: Adapters) -> int:
    """Forget what was told for copies that never became whole."""
    actions.forget_late(work)
    return 0


def sweep(work: Work, adapters: Adapters) -> int:
    """Delete one object that no document has held for an hour."""
    return int(actions.sweep(work, adapters))
