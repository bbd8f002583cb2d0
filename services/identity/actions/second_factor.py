"""Acts that ask more than a session: the second factor it was opened with, and the password once more."""

from services.identity.actions import pacing
from services.identity.config import IdentityWork
from services.identity.errors import SecondFactorExpected, WrongPassword
from services.identity.models import Account
from services.identity.rules import pace, passwords
from services.identity.rules import second_factor as rules


def expect(work: IdentityWork) -> None:
    """Raise ``SecondFactorExpected`` when this session was opened without the second factor that its space asks for."""
    own = work.brand.own
    asked = work.actor.space not in own.second_factor.off_in and not own.email_codes(work.actor.kind)
    if asked and not work.actor.strong:
        raise SecondFactorExpected


def confirm(work: IdentityWork, account: Account, password: str) -> None:
    """The password again, for an act that an open session alone must not do. Raises ``WrongPassword`` or ``TooMany``.

    Its tries are counted by account, apart from those of the sign-in: a session left open does not lock its owner out.
    """
    pacing.spend(work, "confirmation", account.subject, pace.PASSWORDS)
    if not account.matches(passwords.normalised(password)):
        raise WrongPassword
    pacing.forgive(work, "confirmation", account.subject)


def spend_try(work: IdentityWork, account: Account) -> None:
    """Count one try of an account's second factor. Raises ``TooMany``."""
    pacing.spend(work, "second-factor", account.subject, pace.SECOND_FACTORS)


def forgive_tries(work: IdentityWork, account: Account) -> None:
    """The right one came: the wrong ones before it count no more."""
    pacing.forgive(work, "second-factor", account.subject)


def network(work: IdentityWork) -> str:
    """The network this request comes from."""
    return rules.network(work.actor.address)
