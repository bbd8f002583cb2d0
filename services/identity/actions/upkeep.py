"""What identity forgets on its own: nothing that proves a person's right is kept longer than it serves."""

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func

from services.identity.config import IdentityWork
from services.identity.models import (
    AccessRequest,
    AccountExport,
    Activation,
    Base,
    Challenge,
    Code,
    ContactChange,
    Device,
    Hit,
    Invitation,
    Link,
    OidcAttempt,
    Opening,
    PasswordReset,
    Session,
    SmsBudget,
    TotpEnrolment,
)
from services.identity.rules import codes, contacts, pace, second_factor

GRACE = timedelta(days=1)
INVITATIONS_KEPT = timedelta(days=90)
"""An administrator may send the link of an expired invitation again for that long."""


def forget(work: IdentityWork) -> int:
    """Delete what is over. Returns 0: there is nothing to be called again for."""
    for table, over in _over(work).items():
        work.session.execute(delete(table).where(over).execution_options(synchronize_session=False))
    return 0


def _over(work: IdentityWork) -> dict[type[Base], ColumnElement[bool]]:
    day_ago = work.now - GRACE
    return {
        Hit: Hit.at < work.now - pace.LONGEST,
        Code: Code.expires_at < day_ago,
        Challenge: Challenge.created_at < day_ago,
        AccessRequest: AccessRequest.asked_at < day_ago,
        Activation: Activation.asked_at < work.now - codes.ACTIVATION_LIFE,
        Device: Device.last_seen_at < work.now - second_factor.TRUST,
        Session: func.coalesce(Session.refresh_until, Session.expires_at) < day_ago,
        Link: Link.expires_at < day_ago,
        AccountExport: AccountExport.asked_at < work.now - contacts.KEPT,
        Invitation: Invitation.expires_at < work.now - INVITATIONS_KEPT,
        ContactChange: ContactChange.asked_at < work.now - contacts.KEPT,
        Opening: Opening.asked_at < day_ago,
        OidcAttempt: OidcAttempt.asked_at < day_ago,
        PasswordReset: PasswordReset.asked_at < day_ago,
        TotpEnrolment: TotpEnrolment.begun_at < day_ago,
        SmsBudget: SmsBudget.on < day_ago.date(),
    }
