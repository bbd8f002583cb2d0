"""Applicants' access: a single-use link or letter code first, then codes to the e-mail they gave (S1:210-231)."""

import uuid
from datetime import datetime

from sqlalchemy import update

from chassis import inbox
from chassis.ids import uuid7
from events import Sealed, opened
from events.affiliation import Relaunched, Sent
from events.identity import LinkIssued
from identifiers import email as emails
from services.identity import access
from services.identity.actions import codes, pacing, sessions
from services.identity.actions.sessions import SignedIn
from services.identity.config import IdentityWork
from services.identity.errors import WrongCode, WrongLink
from services.identity.models import VAULT, AccessRequest, Applicant, Link
from services.identity.models.applicants import ABANDONED, FINALISED, OPEN
from services.identity.rules import codes as shape
from services.identity.rules import pace

LIVE = (Link.used_at.is_(None), Link.killed_at.is_(None))
ENDS_SESSIONS = {FINALISED: False, ABANDONED: True}
"""A finalised form can still be read; an abandoned one is nobody's."""


def send_link(work: IdentityWork, journey: Sent | Relaunched, told_at: datetime) -> None:
    """A form is on its way: a new link, whose older ones are dead. The same news told again sends nothing again."""
    applicant = _known(work, journey.affiliation_id, told_at)
    if applicant.told_at <= told_at:
        _describe(work, applicant, journey)
    to = journey.email if journey.medium == "email" else journey.address
    if to is None or applicant.state != OPEN or _already_sent(work, journey, told_at):
        return
    _kill_links(work, journey.affiliation_id)
    link, token = _new_link(work, journey, told_at)
    work.session.add(link)
    work.emit(_issued(journey, link, to, token))
    work.audit("link.issued", applicant.reference, channel=link.channel)


def note_contact(work: IdentityWork, affiliation_id: uuid.UUID, email: str, told_at: datetime) -> None:
    """The applicant gave an e-mail address: codes go there from now on, whatever the first medium was. An older word changes nothing."""
    applicant, given = _known(work, affiliation_id, told_at), _read_email(email)
    if given and (applicant.contact_given_at is None or applicant.contact_given_at <= told_at):
        _move(work, applicant, given)
        applicant.contact_given_at = told_at


def close(work: IdentityWork, affiliation_id: uuid.UUID, state: str, told_at: datetime) -> None:
    """The journey is finalised or abandoned: links and codes open nothing more, and an abandoned one ends its sessions."""
    applicant = _known(work, affiliation_id, told_at)
    applicant.state = state
    _kill_links(work, affiliation_id)
    codes.kill(work, applicant.reference)
    if ENDS_SESSIONS[state]:
        sessions.end_all_of_applicant(work, affiliation_id)
    work.audit(f"applicant.{state}", applicant.reference)


def enter(work: IdentityWork, token: str) -> SignedIn:
    """Use up a link or a letter's code. Raises ``WrongLink``, or ``TooMany`` after too many wrong ones from one address."""
    hit = pacing.spend(work, "link", work.actor.address, pace.LINKS)
    live = Link.token_hash == _fingerprint(token), Link.expires_at > work.now, *LIVE
    used = update(Link).where(*live).values(used_at=work.now).returning(Link.affiliation_id)
    affiliation_id = work.session.scalar(used.execution_options(synchronize_session=False))
    applicant = access.applicant(work, affiliation_id)
    if applicant is None or not applicant.is_readable:
        raise WrongLink
    pacing.take_back(work, hit)
    return sessions.open_for_applicant(work, applicant)


def ask_code(work: IdentityWork, email: str) -> AccessRequest:
    """Take note that somebody wants to come back to a form by e-mail; nothing is looked up before the answer left."""
    pacing.spend(work, "visit", work.actor.address, pace.VISITS)
    pacing.spend(work, "access", f"{work.brand_key}:{email}", pace.ASKING)
    request = AccessRequest(brand=work.brand_key, email=email, asked_at=work.now)
    work.session.add(request)
    inbox.wake(work)
    return request


def resolve_next(work: IdentityWork) -> int:
    """Look into the oldest request: a code leaves when the e-mail is an applicant's. Returns how many were looked into."""
    request = access.unresolved_access_request(work)
    if request is None:
        return 0
    request.resolved_at = work.now
    branded = work.for_brand(request.brand)
    applicant = access.applicant_of_email(branded, request.email)
    if applicant is not None:
        request.affiliation_id = applicant.affiliation_id
        codes.issue_quietly(branded, codes.Parcel(request.request, applicant.reference, "return", "applicant", "email", request.email))
    return 1


def come_back(work: IdentityWork, access_id: uuid.UUID, typed: str) -> SignedIn:
    """Give the code that came by e-mail. Raises ``WrongCode`` or ``TooMany``, the same for a request that does not exist."""
    request, unknown = access.access_request(work, access_id), f"unknown:{access_id}"
    codes.redeem_within(work, request.whose if request else unknown, request.request if request else unknown, typed)
    applicant = access.applicant(work, request.affiliation_id) if request else None
    if applicant is None or not applicant.is_readable:
        raise WrongCode(remaining=0)
    return sessions.open_for_applicant(work, applicant)


def _known(work: IdentityWork, affiliation_id: uuid.UUID, told_at: datetime) -> Applicant:
    """The applicant, or a stub when this is the first thing heard of the affiliation."""
    applicant = access.applicant(work, affiliation_id)
    if applicant is None:
        applicant = Applicant(affiliation_id=affiliation_id, brand=work.brand_key, state=OPEN, told_at=told_at)
        work.session.add(applicant)
    applicant.told_at = max(applicant.told_at, told_at)
    work.session.flush()
    return applicant


def _describe(work: IdentityWork, applicant: Applicant, journey: Sent | Relaunched) -> None:
    """Who the employer says the applicant is, and where; who left an address for another did not belong here."""
    applicant.first_name, applicant.last_name = journey.first_name.value, journey.last_name.value
    if applicant.contact_given_at is None and _move(work, applicant, _read_email(opened(journey.email))):
        sessions.end_all_of_applicant(work, applicant.affiliation_id)


def _move(work: IdentityWork, applicant: Applicant, email: str | None) -> bool:
    """Codes go to ``email`` from now on. Returns whether they went elsewhere before: those on their way there open nothing more."""
    before, applicant.email = applicant.email, email
    if before in (None, email):
        return False
    codes.kill(work, applicant.reference)
    return True


def _already_sent(work: IdentityWork, journey: Sent | Relaunched, told_at: datetime) -> bool:
    """A form is sent once; a reminder is known by its instant."""
    newest = access.newest_link(work, journey.affiliation_id)
    return newest is not None and (isinstance(journey, Sent) or newest >= told_at)


def _issued(journey: Sent | Relaunched, link: Link, to: Sealed, token: str) -> LinkIssued:
    return LinkIssued(
        link_id=link.id,
        affiliation_id=journey.affiliation_id,
        channel=journey.medium,
        to=to,
        token=Sealed(token),
        first_name=journey.first_name,
        last_name=journey.last_name,
        establishment_name=journey.establishment_name,
        expires_at=link.expires_at,
        reminder=isinstance(journey, Relaunched),
    )


def _new_link(work: IdentityWork, journey: Sent | Relaunched, told_at: datetime) -> tuple[Link, str]:
    token = shape.new("post") if journey.medium == "post" else shape.token()
    link = Link(
        id=uuid7(),
        affiliation_id=journey.affiliation_id,
        brand=work.brand_key,
        channel=journey.medium,
        token_hash=_fingerprint(token),
        told_at=told_at,
        created_at=work.now,
        expires_at=work.now + shape.LINK_LIFE,
    )
    return link, token


def _fingerprint(token: str) -> bytes:
    """What is stored of a link: keyed, because a letter's code is short enough to be searched for."""
    return VAULT.fingerprint(f"link:{shape.canonical(token) if shape.is_letter_code(token) else token}")


def _kill_links(work: IdentityWork, affiliation_id: uuid.UUID) -> None:
    killed = update(Link).where(Link.affiliation_id == affiliation_id, *LIVE).values(killed_at=work.now)
    work.session.execute(killed.execution_options(synchronize_session=False))


def _read_email(email: str | None) -> str | None:
    try:
        return emails.parse(email) if email else None
    except ValueError:
        return None
