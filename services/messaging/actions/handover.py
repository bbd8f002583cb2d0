"""Hand notices over: a first transaction says which, a second carries them and says what happened.

A real carrier gets one notice a transaction; the demo's, which write in that very transaction, get many. A process may die between the
two, or between the carrier's yes and our commit. The next one finds what was in hand and takes it up one by one, counts the interruption
and asks the carrier whether it has the message already:

- e-mail cannot be asked, so it leaves again with the same ``Message-ID``: at least once, and mailboxes fold the double;
- SMS is looked up at the provider by number, text and time: sent again only when it is not there;
- a letter is looked up by its reference in the printer's folder: never posted twice;
- the demo's carriers write in our own transaction: exactly once.

A code or a link that is over is never handed over, whatever the queue looks like.
"""

from dataclasses import replace
from datetime import timedelta

from events.messaging import NoticeHandedOver, NoticeUndelivered
from services.messaging import access, rules
from services.messaging.actions.ports import Adapters
from services.messaging.config import MessagingWork
from services.messaging.errors import NotCarried, Refused, Unreachable
from services.messaging.models import Attempt, Notice

REST = timedelta(seconds=5)
"""How long a channel rests when its carrier is away: neighbours need not each wait for the same timeout."""


def claim(work: MessagingWork, adapters: Adapters) -> int:
    """Take the next notices in hand, or count the interruption of one that a dead process left there. Returns how many were looked at."""
    left = access.in_hand(work)
    for notice in left:
        notice.doubtful = True
    taken = left[:1] or access.next_due(work, adapters.at_once)
    for notice in taken:
        _take(work, notice, "interrupted" if left else "began")
    return len(taken)


def hand_over(work: MessagingWork, adapters: Adapters) -> int:
    """Carry what is in hand; what the carrier answers is written down, and told when it took the message. Returns how many were carried."""
    taken = access.together(access.in_hand(work))
    near = access.surroundings(work, taken)
    with work.session.no_autoflush:  # nothing read here was written here: all rows leave together, at the commit
        for notice in taken:
            _carry(work, adapters, notice)
    del near  # the session only remembers what somebody holds
    return len(taken)


def expire_waiting(work: MessagingWork) -> int:
    """Give up the mail of notices whose recipient never became known; the bell keeps them."""
    found = access.waited_too_long(work)
    for notice in found:
        _expire(work, notice)
    return len(found)


def _take(work: MessagingWork, notice: Notice, outcome: str) -> None:
    notice.attempts += 1
    if rules.is_over(notice.expires_at, work.now):
        _expire(work, notice)
    elif notice.attempts > rules.MAX_ATTEMPTS:
        _fail(work, notice, "too_many_attempts")
    else:
        notice.state = "handing_over"
        _note(work, notice, outcome)


def _carry(work: MessagingWork, adapters: Adapters, notice: Notice) -> None:
    try:
        _hand_over(work, adapters, notice)
    except Unreachable as error:
        _postpone(work, notice, error)
    except NotCarried as error:
        _fail(work, notice, error.reason)


def _hand_over(work: MessagingWork, adapters: Adapters, notice: Notice) -> None:
    if rules.is_over(notice.expires_at, work.now):
        return _expire(work, notice)
    if not access.accepts(work, notice.recipient, notice.template, notice.channel):
        return _expire(work, notice)
    address = access.address(work, notice)
    if address is None:
        raise Refused("no_address")
    parcel = adapters.composer.parcel(notice, access.brand(work, notice.brand), access.values(work, notice), address)
    courier = adapters.couriers[parcel.channel]
    reference = courier.already(parcel, notice.created_at) if notice.doubtful else None
    _delivered(work, notice, reference or courier.carry(work, parcel))
    return None


def _delivered(work: MessagingWork, notice: Notice, reference: str) -> None:
    notice.state, notice.handed_over_at, notice.doubtful = "handed_over", work.now, False
    notice.forget_secrets()
    _note(work, notice, "handed_over", reference=reference)
    ours = replace(work, brand_key=notice.brand, trace=notice.trace, causation=notice.cause)
    ours.audit("notice.handed_over", f"notice:{notice.id}", template=notice.template, channel=notice.channel)
    ours.emit(NoticeHandedOver(notice_id=notice.id, about=notice.about, template=notice.template, channel=_channel(notice)))


def _channel(notice: Notice) -> rules.Channel:
    return notice.channel  # type: ignore[return-value]  # a CHECK constraint says the same


def _postpone(work: MessagingWork, notice: Notice, error: Unreachable) -> None:
    """Wait longer each time; the other notices of the channel rest a moment too."""
    notice.state, notice.doubtful = "pending", notice.doubtful or error.doubtful
    notice.next_try_at = work.now + max(rules.back_off(notice.attempts), error.wait)
    _note(work, notice, "unreachable", reason=error.reason)
    rest = work.now + max(REST, error.wait)
    for other in access.of_the_channel(work, notice.channel, rest):
        other.next_try_at = rest


def _fail(work: MessagingWork, notice: Notice, reason: str) -> None:
    notice.state = "failed"
    notice.forget_secrets()
    _note(work, notice, "refused", reason=reason)
    ours = replace(work, brand_key=notice.brand, trace=notice.trace, causation=notice.cause)
    fact = NoticeUndelivered(notice_id=notice.id, about=notice.about, template=notice.template, channel=_channel(notice), reason=reason)
    ours.emit(fact)


def _expire(work: MessagingWork, notice: Notice) -> None:
    notice.state = "expired"
    notice.forget_secrets()
    _note(work, notice, "expired")


def _note(work: MessagingWork, notice: Notice, outcome: str, *, reason: str | None = None, reference: str | None = None) -> None:
    work.session.add(Attempt(notice_id=notice.id, at=work.now, outcome=outcome, reason=reason, reference=reference))
