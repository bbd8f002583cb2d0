"""What people change of their own account, and what it left."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from services.identity.config import IdentityWork
from services.identity.models import (
    Account,
    AccountExport,
    Consent,
    ContactChange,
    Device,
    OidcLink,
    RecoveryCode,
    Session,
    TermsAcceptance,
    TotpEnrolment,
)
from services.identity.rules import codes, contacts


def own_terms(work: IdentityWork) -> Sequence[TermsAcceptance]:
    """What whoever is signed in accepted, the latest first."""
    mine = select(TermsAcceptance).where(TermsAcceptance.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())).all()


def own_enrolment(work: IdentityWork) -> TotpEnrolment | None:
    """The application that whoever is signed in began to enrol, locked."""
    mine = select(TotpEnrolment).where(TotpEnrolment.account_id == work.actor.account_id)
    return work.session.scalar(mine.with_for_update())


def recovery_made_at(work: IdentityWork, account: Account) -> datetime | None:
    """When the recovery codes of an account were made, with its application."""
    return work.session.scalar(select(func.max(RecoveryCode.made_at)).where(RecoveryCode.account_id == account.id))


def own_change(work: IdentityWork, change_id: uuid.UUID) -> ContactChange | None:
    """A change of whoever is signed in that still waits for its code, locked."""
    mine = ContactChange.id == change_id, ContactChange.account_id == work.actor.account_id
    waiting = ContactChange.confirmed_at.is_(None), ContactChange.asked_at > work.now - contacts.OPEN
    return work.session.scalar(select(ContactChange).where(*mine, *waiting).with_for_update())


def own_waiting_changes(work: IdentityWork) -> Sequence[ContactChange]:
    """The changes of whoever is signed in that still wait for their code, the latest first."""
    mine = ContactChange.account_id == work.actor.account_id
    waiting = ContactChange.confirmed_at.is_(None), ContactChange.asked_at > work.now - contacts.OPEN
    return work.session.scalars(select(ContactChange).where(mine, *waiting).order_by(ContactChange.asked_at.desc())).all()


def change_of_objection(work: IdentityWork, token: str) -> ContactChange | None:
    """The change that a token objects to, in the visitor's space, locked."""
    shown = ContactChange.objection_hash == codes.digest(token), ContactChange.objection_until > work.now
    here = ContactChange.brand == work.brand_key, ContactChange.space == work.actor.space
    return work.session.scalar(select(ContactChange).where(*shown, *here).with_for_update())


def changes_since(work: IdentityWork, change: ContactChange) -> Sequence[ContactChange]:
    """A change and those that were confirmed after it and still stand, the latest first, locked."""
    later = ContactChange.account_id == change.account_id, ContactChange.confirmed_at >= change.confirmed_at
    standing = select(ContactChange).where(*later, ContactChange.objection_hash.is_not(None))
    return work.session.scalars(standing.order_by(ContactChange.confirmed_at.desc(), ContactChange.id).with_for_update()).all()


def own_consents(work: IdentityWork) -> Sequence[Consent]:
    """Every answer of whoever is signed in, the oldest first."""
    mine = select(Consent).where(Consent.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(Consent.id)).all()


def newest_consents(work: IdentityWork) -> dict[tuple[str, str], Consent]:
    """The answer that counts for each purpose and channel."""
    return {(consent.purpose, consent.channel): consent for consent in own_consents(work)}


def own_copies(work: IdentityWork) -> Sequence[AccountExport]:
    """The copies of their data that whoever is signed in asked for, the latest first."""
    mine = select(AccountExport).where(AccountExport.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(AccountExport.asked_at.desc())).all()


def copy(work: IdentityWork, copy_id: uuid.UUID) -> AccountExport | None:
    """A copy that somebody asked for, locked."""
    return work.session.scalar(select(AccountExport).where(AccountExport.id == copy_id).with_for_update())


class Held(NamedTuple):
    """What an account left in identity."""

    sessions: Sequence[Session]
    devices: Sequence[Device]
    providers: Sequence[OidcLink]
    consents: Sequence[Consent]


def held_of(work: IdentityWork, account_id: uuid.UUID) -> Held:
    """Everything that an account left: only the platform itself sees it whole."""
    return Held(
        sessions=work.session.scalars(select(Session).where(Session.account_id == account_id).order_by(Session.created_at)).all(),
        devices=work.session.scalars(select(Device).where(Device.account_id == account_id).order_by(Device.first_seen_at)).all(),
        providers=work.session.scalars(select(OidcLink).where(OidcLink.account_id == account_id).order_by(OidcLink.id)).all(),
        consents=work.session.scalars(select(Consent).where(Consent.account_id == account_id).order_by(Consent.id)).all(),
    )
