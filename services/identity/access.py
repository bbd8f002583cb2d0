"""The only place where identity's selects are born: each one names whose rows it reads, and for which brand or account."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select, text

from chassis.problems import NotFound
from services.identity.config import IdentityWork
from services.identity.models import (
    AccessRequest,
    Account,
    AccountExport,
    Activation,
    Applicant,
    Challenge,
    Consent,
    ContactChange,
    Device,
    Habilitation,
    Hit,
    Invitation,
    Link,
    OidcAttempt,
    OidcLink,
    Opening,
    PasswordReset,
    RefreshToken,
    Session,
    TermsAcceptance,
    TotpEnrolment,
)
from services.identity.rules import codes, contacts, oidc
from services.identity.rules.spaces import KIND_OF_SPACE, SPACE_OF_KIND

ONE = 1
"""A task takes one request a transaction: no lock of one person's waits for another's."""


# --- Accounts ------------------------------------------------------------


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


# --- Proofs ------------------------------------------------------------


def activation(work: IdentityWork, activation_id: uuid.UUID, space: str) -> Activation | None:
    """An activation of this brand and space, locked: two steps of one activation take turns."""
    mine = Activation.id == activation_id, Activation.brand == work.brand_key, Activation.space == space
    return work.session.scalar(select(Activation).where(*mine).with_for_update())


def activation_known(work: IdentityWork, activation_id: uuid.UUID) -> bool:
    """Whether an activation was already taken note of."""
    return work.session.scalar(select(Activation.id).where(Activation.id == activation_id)) is not None


def unresolved_activation(work: IdentityWork) -> Activation | None:
    """The oldest activation asked for and not looked into yet; what another worker holds is skipped."""
    waiting = select(Activation).where(Activation.resolved_at.is_(None)).order_by(Activation.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def opening(work: IdentityWork, opening_id: uuid.UUID) -> Opening | None:
    """A filled form of this brand that is not too old, locked."""
    mine = Opening.id == opening_id, Opening.brand == work.brand_key, Opening.asked_at > work.now - codes.OPENING_LIFE
    return work.session.scalar(select(Opening).where(*mine).with_for_update())


def opening_in_space(work: IdentityWork, opening_id: uuid.UUID) -> Opening | None:
    """The same, for the visitor of a space."""
    found = opening(work, opening_id)
    return found if found and found.space == work.actor.space else None


def unresolved_reset(work: IdentityWork) -> PasswordReset | None:
    """The oldest forgotten password not looked into yet; what another worker holds is skipped."""
    waiting = select(PasswordReset).where(PasswordReset.resolved_at.is_(None)).order_by(PasswordReset.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def live_reset(work: IdentityWork, token: str) -> PasswordReset | None:
    """The link to choose a password whose token is shown, in this brand and space, locked: of two that come at once, one finds it used."""
    mine = PasswordReset.token_hash == codes.digest(token), PasswordReset.brand == work.brand_key, PasswordReset.space == work.actor.space
    live = PasswordReset.used_at.is_(None), PasswordReset.killed_at.is_(None), PasswordReset.expires_at > work.now
    return work.session.scalar(select(PasswordReset).where(*mine, *live).with_for_update())


def unresolved_access_request(work: IdentityWork) -> AccessRequest | None:
    """The oldest request of an applicant not looked into yet."""
    waiting = select(AccessRequest).where(AccessRequest.resolved_at.is_(None)).order_by(AccessRequest.asked_at).limit(ONE)
    return work.session.scalar(waiting.with_for_update(skip_locked=True))


def access_request(work: IdentityWork, access_id: uuid.UUID) -> AccessRequest | None:
    """A request of an applicant of this brand."""
    return work.session.scalar(select(AccessRequest).where(AccessRequest.id == access_id, AccessRequest.brand == work.brand_key))


def live_challenge(work: IdentityWork, challenge_id: uuid.UUID, space: str) -> Challenge | None:
    """A sign-in of this brand and space that still waits for its second factor, locked."""
    mine = Challenge.id == challenge_id, Challenge.brand == work.brand_key, Challenge.space == space
    live = Challenge.completed_at.is_(None), Challenge.created_at > work.now - codes.CHALLENGE_LIFE
    return work.session.scalar(select(Challenge).where(*mine, *live).with_for_update())


def live_attempt(work: IdentityWork, state: str, ticket: str) -> OidcAttempt | None:
    """The attempt that a browser comes back from, with what it carried and what it kept, locked: of two returns, one finds it used."""
    shown = OidcAttempt.state_hash == codes.digest(state), OidcAttempt.ticket_hash == codes.digest(ticket)
    here = OidcAttempt.brand == work.brand_key, OidcAttempt.space == work.actor.space
    live = OidcAttempt.used_at.is_(None), OidcAttempt.asked_at > work.now - oidc.ATTEMPT_LIFE
    return work.session.scalar(select(OidcAttempt).where(*shown, *here, *live).with_for_update())


def attempt(work: IdentityWork, attempt_id: uuid.UUID) -> OidcAttempt:
    """An attempt of the work's brand that was just used."""
    return work.session.scalars(select(OidcAttempt).where(OidcAttempt.id == attempt_id, OidcAttempt.brand == work.brand_key)).one()


def proved_attempt(work: IdentityWork, ticket: str) -> OidcAttempt | None:
    """The attempt of this browser that a provider vouched for and that no account is tied to yet, locked."""
    here = OidcAttempt.brand == work.brand_key, OidcAttempt.space == work.actor.space, OidcAttempt.ticket_hash == codes.digest(ticket)
    live = OidcAttempt.completed_at.is_(None), OidcAttempt.proved_at > work.now - oidc.LINK_LIFE
    return work.session.scalar(select(OidcAttempt).where(*here, *live).with_for_update())


def attempt_of_challenge(work: IdentityWork, challenge_id: uuid.UUID) -> OidcAttempt | None:
    """The attempt whose password opened this sign-in, if it began at a provider's."""
    mine = OidcAttempt.challenge_id == challenge_id, OidcAttempt.brand == work.brand_key
    return work.session.scalar(select(OidcAttempt).where(*mine))


def link_of_subject(work: IdentityWork, subject: bytes) -> OidcLink | None:
    """The link of a person of a provider, in the visitor's brand and space, locked."""
    here = OidcLink.brand == work.brand_key, OidcLink.space == work.actor.space
    return work.session.scalar(select(OidcLink).where(OidcLink.subject == subject, *here).with_for_update())


def own_links(work: IdentityWork) -> Sequence[OidcLink]:
    """The links of whoever is signed in, the latest used first."""
    mine = select(OidcLink).where(OidcLink.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(OidcLink.last_used_at.desc(), OidcLink.id)).all()


def hits(work: IdentityWork, key: bytes, since: datetime) -> list[datetime]:
    """When something counted happened since an instant; whoever counts the same thing waits for this work to end."""
    take_turn(work, key.hex())
    return list(work.session.scalars(select(Hit.at).where(Hit.key == key, Hit.at > since).order_by(Hit.at)))


def take_turn(work: IdentityWork, name: str) -> None:
    """Wait until no other work holds ``name``, then hold it until this one ends."""
    work.session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


# --- Sessions and devices ------------------------------------------------------------


def session_of_token(work: IdentityWork, token: str) -> Row[Any] | None:
    """The session a token opens, with what its identity says: one read by unique index, the grants in the same statement."""
    grants = (
        select(func.jsonb_object_agg(Habilitation.siren, Habilitation.role))
        .where(Habilitation.account_id == Session.account_id, Habilitation.revoked.is_(False))
        .scalar_subquery()
    )
    found = select(Session, Account.reference, Account.role, Account.hold_until, grants.label("grants")).outerjoin(
        Account, Account.id == Session.account_id
    )
    shown = Session.token_hash == codes.digest(token), Account.suspended_at.is_(None)
    return work.session.execute(found.where(*shown)).one_or_none()


def own_sessions(work: IdentityWork) -> Sequence[Session]:
    """The sessions of whoever is signed in that have not ended, the latest first."""
    actor = work.actor
    mine = Session.account_id == actor.account_id if actor.account_id else Session.id == actor.session_id
    return work.session.scalars(select(Session).where(mine, Session.ended_at.is_(None)).order_by(Session.created_at.desc())).all()


def own_session(work: IdentityWork) -> Session | None:
    """The session of this request, locked; ``None`` once it was ended meanwhile."""
    mine = Session.id == work.actor.session_id, Session.ended_at.is_(None)
    return work.session.scalar(select(Session).where(*mine).with_for_update())


def refresh_of_token(work: IdentityWork, token: str) -> RefreshToken | None:
    """The refresh token that is shown, of this brand, locked: of two that come at once, one waits and is second."""
    shown = RefreshToken.token_hash == codes.digest(token), RefreshToken.brand == work.brand_key
    return work.session.scalar(select(RefreshToken).where(*shown).with_for_update())


def session_of_refresh(work: IdentityWork, refresh: RefreshToken) -> Session:
    """The session that a refresh token prolongs, locked."""
    return work.session.scalars(select(Session).where(Session.id == refresh.session_id).with_for_update()).one()


def own_terms(work: IdentityWork) -> Sequence[TermsAcceptance]:
    """What whoever is signed in accepted, the latest first."""
    mine = select(TermsAcceptance).where(TermsAcceptance.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(TermsAcceptance.accepted_at.desc(), TermsAcceptance.id.desc())).all()


def own_enrolment(work: IdentityWork) -> TotpEnrolment | None:
    """The application that whoever is signed in began to enrol, locked."""
    mine = select(TotpEnrolment).where(TotpEnrolment.account_id == work.actor.account_id)
    return work.session.scalar(mine.with_for_update())


def own_devices(work: IdentityWork) -> Sequence[Device]:
    """The trusted devices of whoever is signed in, the latest seen first."""
    mine = select(Device).where(Device.account_id == work.actor.account_id)
    return work.session.scalars(mine.order_by(Device.last_seen_at.desc(), Device.id)).all()


def device_of_token(work: IdentityWork, owner: Account | None, token: str | None) -> Device | None:
    """The trusted device of an account whose token is shown, locked: a token turns once."""
    shown = Device.token_hash == codes.digest(token or ""), Device.account_id == (owner.id if owner else None)
    return work.session.scalar(select(Device).where(*shown).with_for_update())


def device(work: IdentityWork, owner: Account, device_id: uuid.UUID | None) -> Device | None:
    """A trusted device of an account by its id."""
    found = select(Device).where(Device.id == device_id, Device.account_id == owner.id)
    return work.session.scalar(found) if device_id else None


# --- What people change of their own account ------------------------------------------------------------


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


# --- Applicants ------------------------------------------------------------


def applicant(work: IdentityWork, affiliation_id: uuid.UUID | None) -> Applicant | None:
    """The applicant of an affiliation of the work's brand."""
    found = select(Applicant).where(Applicant.affiliation_id == affiliation_id, Applicant.brand == work.brand_key)
    return work.session.scalar(found) if affiliation_id else None


def own_applicant(work: IdentityWork) -> Applicant | None:
    """The applicant who is signed in."""
    kind, _, affiliation_id = work.actor.reference.partition(":")
    return applicant(work, uuid.UUID(affiliation_id)) if kind == "affiliation" else None


def applicant_of_email(work: IdentityWork, email: str) -> Applicant | None:
    """The affiliation a returning applicant means: the one still open before the finalised, the latest before the older."""
    theirs = Applicant.brand == work.brand_key, Applicant.email == email, Applicant.state != "abandoned"
    order = (Applicant.state == "open").desc(), Applicant.told_at.desc(), Applicant.affiliation_id
    return work.session.scalar(select(Applicant).where(*theirs).order_by(*order).limit(1))


def newest_link(work: IdentityWork, affiliation_id: uuid.UUID) -> datetime | None:
    """When the newest link of an affiliation was told."""
    return work.session.scalar(select(func.max(Link.told_at)).where(Link.affiliation_id == affiliation_id))


def space_is_known(work: IdentityWork) -> bool:
    """Whether the visitor stands in a space of a brand that identity knows."""
    brand = work.brands.get(work.brand_key)
    return brand is not None and work.actor.space in KIND_OF_SPACE and work.actor.space in brand.own.password


# --- Invitations and caseworkers ------------------------------------------------------------


def invitation(work: IdentityWork, invitation_id: uuid.UUID) -> Invitation | None:
    """An invitation of the work's brand, whatever became of it, locked."""
    found = select(Invitation).where(Invitation.id == invitation_id, Invitation.brand == work.brand_key)
    return work.session.scalar(found.with_for_update())


def live_invitation(work: IdentityWork, token: str) -> Invitation | None:
    """The invitation whose link is shown in its brand and space, locked: of two that come at once, one finds it used."""
    mine = Invitation.token_hash == codes.digest(token), Invitation.brand == work.brand_key, Invitation.space == work.actor.space
    live = Invitation.used_at.is_(None), Invitation.killed_at.is_(None), Invitation.expires_at > work.now
    return work.session.scalar(select(Invitation).where(*mine, *live).with_for_update())


def caseworkers(work: IdentityWork) -> Sequence[Account]:
    """The platform's own people, of the work's brand."""
    theirs = Account.brand == work.brand_key, Account.kind == "caseworker", Account.deleted_at.is_(None)
    return work.session.scalars(select(Account).where(*theirs).order_by(Account.id)).all()


def caseworkers_invited(work: IdentityWork) -> Sequence[Invitation]:
    """Those who did not follow their link yet, expired or not."""
    waiting = Invitation.used_at.is_(None), Invitation.killed_at.is_(None)
    theirs = Invitation.brand == work.brand_key, Invitation.space == SPACE_OF_KIND["caseworker"]
    return work.session.scalars(select(Invitation).where(*theirs, *waiting).order_by(Invitation.id)).all()
