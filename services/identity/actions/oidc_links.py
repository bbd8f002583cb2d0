"""Tying an account to whom a provider vouches for, once the account's own proofs were given; and untying."""

import uuid

from sqlalchemy import and_, delete, or_

from chassis.problems import NotFound
from events import Sealed
from events.identity import ProviderTied
from services.identity import access
from services.identity.config import IdentityWork
from services.identity.models import Account, Challenge, OidcAttempt, OidcLink


def tie(work: IdentityWork, account: Account, attempt: OidcAttempt) -> None:
    """From now on, whom this attempt brought opens this account: one person of a provider for one account, the newest proof wins."""
    subject = attempt.subject or b""
    older = or_(
        and_(OidcLink.account_id == account.id, OidcLink.issuer == attempt.issuer),
        and_(OidcLink.brand == account.brand, OidcLink.space == account.space, OidcLink.subject == subject),
    )
    work.session.execute(delete(OidcLink).where(older).execution_options(synchronize_session=False))
    whose = {"account_id": account.id, "brand": account.brand, "space": account.space}
    work.session.add(OidcLink(issuer=attempt.issuer, subject=subject, linked_at=work.now, last_used_at=work.now, **whose))
    work.emit(_tied(work, account, attempt))
    work.audit("oidc.tied", account.subject, issuer=attempt.issuer)


def tie_after(work: IdentityWork, account: Account, challenge: Challenge) -> None:
    """The second factor was right: what began at a provider's is tied now, and not before."""
    attempt = access.attempt_of_challenge(work, challenge.id)
    if attempt is not None:
        tie(work, account, attempt)


def untie(work: IdentityWork, link_id: uuid.UUID) -> None:
    """One of one's own links opens nothing from now on. Raises ``NotFound``."""
    found = next((link for link in access.own_links(work) if link.id == link_id), None)
    if found is None:
        raise NotFound
    work.session.delete(found)
    work.audit("oidc.untied", work.actor.name, link=str(link_id))


def untie_all(work: IdentityWork, account: Account) -> None:
    """The password that tied them is over: each provider is tied again with the new one."""
    work.session.execute(delete(OidcLink).where(OidcLink.account_id == account.id).execution_options(synchronize_session=False))


def _tied(work: IdentityWork, account: Account, attempt: OidcAttempt) -> ProviderTied:
    offered = work.brand.own.oidc.get(account.space)
    return ProviderTied(
        account_id=account.id,
        kind=account.kind,  # type: ignore[arg-type]
        reference=account.reference,
        email=Sealed(account.email or ""),
        label=offered.label if offered else attempt.issuer,
        tied_at=work.now,
    )
