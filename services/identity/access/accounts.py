"""Accounts: found by what opens them, by their id, or as one's own."""

import uuid

from sqlalchemy import select

from chassis.problems import NotFound
from services.identity.access.turns import ONE
from services.identity.config import IdentityWork
from services.identity.models import Account
from services.identity.rules.spaces import KIND_OF_SPACE


def account_of_login(work: IdentityWork, space: str, email: str) -> Account | None:
    """The account that ``email`` (folded) opens in a space of the work's brand."""
    return work.session.scalar(select(Account).where(Account.brand == work.brand_key, Account.space == space, Account.email == email))


def account(work: IdentityWork, account_id: uuid.UUID | None) -> Account | None:
    """An account of the work's brand by its id."""
    found = select(Account).where(Account.id == account_id, Account.brand == work.brand_key)
    return work.session.scalar(found) if account_id else None


def member_account(work: IdentityWork, person_id: uuid.UUID) -> Account | None:
    """The account of an insured person in the work's brand."""
    mine = Account.brand == work.brand_key, Account.kind == "member", Account.reference == f"person:{person_id}"
    return work.session.scalar(select(Account).where(*mine))


def own_account(work: IdentityWork) -> Account | None:
    """The account of whoever is signed in."""
    return account(work, work.actor.account_id)


def expected_account(work: IdentityWork) -> Account:
    """The account of whoever is signed in. Raises ``NotFound`` once it is gone."""
    found = own_account(work)
    if found is None:
        raise NotFound
    return found


def next_deleted(work: IdentityWork) -> Account | None:
    """An account that was deleted and is not erased yet; what another worker holds is skipped."""
    deleted = select(Account).where(Account.deleted_at.is_not(None)).order_by(Account.deleted_at).limit(ONE)
    return work.session.scalar(deleted.with_for_update(skip_locked=True))


def space_is_known(work: IdentityWork) -> bool:
    """Whether the visitor stands in a space of a brand that identity knows."""
    brand = work.brands.get(work.brand_key)
    return brand is not None and work.actor.space in KIND_OF_SPACE and work.actor.space in brand.own.password
