"""What the worker does beside its messages: the two timers."""

from datetime import timedelta
from typing import Any

from chassis.service import Task
from services.affiliation.actions import follow_up, reminders
from services.affiliation.config import Work


def on_delay(work: Work, adapters: Any) -> int:
    return follow_up.expire(work)


def on_reminder(work: Work, adapters: Any) -> int:
    return reminders.remind(work)


TASKS = (Task("delay", timedelta(minutes=1), on_delay), Task("reminder", timedelta(minutes=1), on_reminder))
