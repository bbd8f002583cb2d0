"""What can be refused here: by us to a reader, and by a carrier to us."""

from datetime import timedelta

from chassis.labels import _
from chassis.problems import Invalid, Refusal


class ThreadClosed(Refusal):
    status, slug, title = 409, "conversation-close", _("Cette conversation est close : écrivez un nouveau message.")


def unknown_company() -> Invalid:
    return Invalid.at("company", _("Choisissez l'une de vos entreprises."))


class NotCarried(Exception):
    """A carrier did not take a message. ``reason`` is a short stable word, never the carrier's sentence (it may quote an address)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(NotCarried):
    """Trying again cannot help: the number does not exist, the address is refused."""


class Unreachable(NotCarried):
    """The carrier is away, slow or busy. ``doubtful`` says that it may have taken the message all the same: ask before trying again."""

    def __init__(self, reason: str, *, doubtful: bool = False, wait: timedelta = timedelta(0)) -> None:
        super().__init__(reason)
        self.doubtful = doubtful
        self.wait = wait
