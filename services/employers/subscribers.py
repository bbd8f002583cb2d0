"""The message door of employers."""

from collections.abc import Sequence
from typing import Any

from chassis.work import Told
from events.identity import AccountActivated
from services.employers.actions import activation
from services.employers.config import Work


def on_account_activated(work: Work, tolds: Sequence[Told[AccountActivated]], adapters: Any) -> None:
    """An employer's account opens its company; the other kinds are none of ours."""
    for told in tolds:
        if told.fact.kind == "employer":
            activation.activate(work.because(told), told.fact)
