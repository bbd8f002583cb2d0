"""What a worker does beside its inbox: hand notices over, give up those whose recipient never became known, write the digests, forget.

Their order matters: notices are claimed in one transaction and carried in the next, turn after turn.
"""

from datetime import timedelta

from chassis.service import Task
from services.messaging import actions
from services.messaging.actions import changes, digests
from services.messaging.actions.ports import Adapters
from services.messaging.config import MessagingWork

AT_EACH_TURN = timedelta(0)


def claim(work: MessagingWork, adapters: Adapters) -> int:
    return actions.claim(work, adapters)


def hand_over(work: MessagingWork, adapters: Adapters) -> int:
    return actions.hand_over(work, adapters)


def expire_waiting(work: MessagingWork, adapters: Adapters) -> int:
    return actions.expire_waiting(work)


def forget(work: MessagingWork, adapters: Adapters) -> int:
    return actions.forget_next(work)


def send_digests(work: MessagingWork, adapters: Adapters) -> int:
    return digests.send(work)


def forget_changes(work: MessagingWork, adapters: Adapters) -> int:
    changes.forget(work)
    return 0


TASKS = (
    Task("claim", AT_EACH_TURN, claim),
    Task("hand_over", AT_EACH_TURN, hand_over),
    Task("expire_waiting", timedelta(minutes=1), expire_waiting),
    Task("forget", timedelta(hours=1), forget),
    Task("send_digests", timedelta(seconds=30), send_digests),
    Task("forget_changes", timedelta(days=1), forget_changes),
)
