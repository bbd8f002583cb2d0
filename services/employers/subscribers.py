"""The message door of employers."""

from collections.abc import Callable, Sequence
from typing import Any

from chassis.work import Told
from events.identity import AccountActivated, AccountDeleted, ContactChanged
from services.employers.actions import accounts, activation, invitations
from services.employers.config import Work

OPENS: dict[str, Callable[[Work, AccountActivated], None]] = {
    "company": activation.activate,
    "invitation": invitations.accepted,
}
"""By what the account was opened for: a company whose contact was proven, an invitation that was followed."""


def on_account_activated(work: Work, tolds: Sequence[Told[AccountActivated]], adapters: Any) -> None:
    """An employer's account opens its company; the other kinds are none of ours."""
    for told in tolds:
        opens = OPENS.get(told.fact.reference.partition(":")[0], activation.activate)
        if told.fact.kind == "employer":
            opens(work.because(told), told.fact)


def on_contact_changed(work: Work, tolds: Sequence[Told[ContactChanged]], adapters: Any) -> None:
    for told in tolds:
        accounts.reach(work.because(told), told.fact)


def on_account_deleted(work: Work, tolds: Sequence[Told[AccountDeleted]], adapters: Any) -> None:
    for told in tolds:
        accounts.forget(work.because(told), told.fact)
