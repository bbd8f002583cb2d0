"""What one accepts to be written to about, and by which channel: dated answers, of which the newest counts (S0:134)."""

from events.identity import ConsentChanged
from services.identity import access
from services.identity.config import IdentityWork
from services.identity.errors import NoSuchQuestion
from services.identity.models import Consent
from services.identity.rules import consents


def answer(work: IdentityWork, purpose: str, channel: str, given: bool) -> None:
    """Keep an answer; the same one again changes nothing. Raises ``NoSuchQuestion`` or ``NotFound``."""
    if not consents.is_asked(purpose, channel):
        raise NoSuchQuestion
    account = access.expected_account(work)
    access.take_turn(work, f"consent:{account.id}")
    newest = access.newest_consents(work).get((purpose, channel))
    if newest is not None and newest.given == given:
        return
    work.session.add(Consent(account_id=account.id, purpose=purpose, channel=channel, given=given, at=work.now))
    fact = ConsentChanged(account_id=account.id, reference=account.reference, purpose=purpose, channel=channel, given=given)  # type: ignore[arg-type]
    work.emit(fact)
    work.audit("consent.given" if given else "consent.withdrawn", account.subject, purpose=purpose, channel=channel)
