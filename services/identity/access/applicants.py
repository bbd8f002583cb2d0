"""Applicants, and the links that let them in."""

import uuid
from datetime import datetime

from sqlalchemy import func, select

from services.identity.config import IdentityWork
from services.identity.models import Applicant, Link


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
