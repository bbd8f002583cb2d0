"""What SMS may cost: by number, by network and by brand, with the brand's figures; no robot empties the budget of everybody."""

import math
from datetime import datetime, time, timedelta

from sqlalchemy.dialects.postgresql import insert

from chassis.problems import TooMany
from chassis.work import PARIS
from services.identity.actions import pacing
from services.identity.actions.second_factor import network
from services.identity.config import IdentityWork
from services.identity.errors import SmsSpent
from services.identity.models import SmsBudget
from services.identity.rules import pace


def spend(work: IdentityWork, number: str) -> None:
    """Count one SMS to ``number``. Raises :class:`SmsSpent` with the seconds to wait and where a code may go instead."""
    own = work.brand.own.sms
    try:
        pacing.spend(work, "sms-to", f"{work.brand_key}:{number}", (pace.Limit(own.per_number_day, pace.DAY),))
        if work.actor.address:  # a worker acts for nobody's network
            pacing.spend(work, "sms-from", network(work), (pace.Limit(own.per_network_hour, timedelta(hours=1)),))
    except TooMany as error:
        raise _spent(work, error.extra["retry_after"]) from error
    _spend_budget(work, own.per_brand_day)


def _spend_budget(work: IdentityWork, most: int) -> None:
    """One atomic statement: two SMS at once cannot both be the last of the day."""
    first = insert(SmsBudget).values(brand=work.brand_key, on=work.today, sent=1)
    one_more = first.on_conflict_do_update(index_elements=["brand", "on"], set_={"sent": SmsBudget.sent + 1}, where=SmsBudget.sent < most)
    if work.session.scalar(one_more.returning(SmsBudget.sent)) is None:
        raise _spent(work, _until_tomorrow(work))


def _spent(work: IdentityWork, retry_after: int) -> SmsSpent:
    instead = ["email"] if work.brand.own.email_codes("member") else []
    return SmsSpent(retry_after=retry_after, channels=instead)


def _until_tomorrow(work: IdentityWork) -> int:
    midnight = datetime.combine(work.today + timedelta(days=1), time.min, PARIS)
    return max(1, math.ceil((midnight - work.now).total_seconds()))
