"""The digest: who wants to be written to about what changed, and the e-mail that leaves when something did."""

from services.messaging import access, rules
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork
from services.messaging.models import Digest

AT_ONCE = 100
"""Digests of one transaction."""


def choose(work: MessagingWork, frequency: str) -> Digest:
    """Say how often one wants the digest; what came before is not told."""
    digest = access.own_digest(work) or Digest(account_id=work.actor.account_id, through=_newest(work))
    if digest.frequency == "never":
        digest.through = _newest(work)
    digest.brand, digest.frequency, digest.chosen_at = work.brand_key, frequency, work.now
    _plan(work, digest)
    work.session.add(digest)
    work.audit("digest.chosen", f"account:{work.actor.account_id}", frequency=frequency)
    return digest


def send(work: MessagingWork) -> int:
    """Write the digests whose hour has come, and plan the next ones. Returns how many were looked at.

    The notice, the mark and the next hour are one commit, and the notice bears the day: whatever dies, nobody gets two.
    """
    due = access.due_digests(work, AT_ONCE)
    for digest in due:
        _tell(work.for_brand(digest.brand), digest)
    return len(due)


def _tell(work: MessagingWork, digest: Digest) -> None:
    new = access.untold(work, digest)
    if new:
        _write(work, digest, {kind: number for kind, number, _place in new})
        digest.through = max(place for _kind, _number, place in new)
    _plan(work, digest)


def _write(work: MessagingWork, digest: Digest, counts: dict[str, int]) -> None:
    content = {
        "total": sum(counts.values()),
        "rows": [(label, str(counts[kind])) for kind, label in rules.CHANGES.items() if kind in counts],
        "frequency": digest.frequency,
        "page": rules.DIGEST_PAGE,
    }
    recipient, cause = f"account:{digest.account_id}", f"digest:{digest.next_at:%Y-%m-%d}"
    write(work, Draft(cause=cause, recipient=recipient, template=rules.DIGEST, about=cause, space="entreprise", content=content))


def _plan(work: MessagingWork, digest: Digest) -> None:
    rule = access.brand(work, digest.brand).own.digest
    digest.next_at = rules.next_digest(digest.frequency, work.today, hour=rule.hour, weekday=rule.weekday)


def _newest(work: MessagingWork) -> int:
    newest = access.newest_change(work)
    return newest.place if newest else 0
