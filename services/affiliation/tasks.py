"""What the worker does beside its messages: the one timer."""

from datetime import timedelta
from typing import Any

from chassis.service import Task
from services.affiliation.actions import follow_up
from services.affiliation.config import Work


def on_delay(work: Work, adapters: Any) -> int:
    return follow_up.expire(work)


TASKS = (Task("delay", timedelta(minutes=1), on_delay),)
