"""Invitations: an administrator opens her companies to somebody else (S1:138-141); identity holds the link and tells who followed it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.hold import refuse_while_held
from chassis.problems import NotFound, TooMany
from events import employers as facts
from events.fact import Sealed
from events.identity import AccountActivated
from services.employers import errors, rules
from services.employers.access import companies
from services.employers.access import habilitations as access
from services.employers.actions import habilitations
from services.employers.config import Invitations, Work
from services.employers.lifecycle import Verb, after
from services.employers.models import Company, Habilitation, Invitation, email_fingerprint

DAY = timedelta(days=1)


def invite(work: Work, form: dict[str, Any]) -> Invitation:
    """Invite somebody to companies the actor administers, with a right on each.

    Raises ``NotFound`` for a company she does not administer, ``AlreadyThere``, ``Held``, ``TooMany``,
    ``Invalid``.
    """
    refuse_while_held(work)
    limits = companies.brand(work).own.invitations
    grants = {grant["siren"]: grant for grant in form["grants"]}
    _check(work, form, grants)
    access.lock_companies(work, grants)
    fingerprint = email_fingerprint(work.brand_key, form["email"])
    access.take_turn(work, f"invite:{fingerprint.hex()}")
    if access.holders_among(work, fingerprint, list(grants)):
        raise errors.AlreadyThere
    _count_sending(work, limits)
    invitation = _invitation(work, form, fingerprint, limits)
    work.session.add(invitation)
    work.session.flush()
    work.session.add_all(_invited(work, invitation, grant) for grant in grants.values())
    work.session.flush()
    _send(work, invitation)
    work.audit("invitation.sent", f"invitation:{invitation.id}", sirens=sorted(grants))
    return invitation


def resend(work: Work, habilitation_id: UUID) -> Habilitation:
    """Send a new link, which kills the older one (S1:146). Raises ``NotFound``, ``ForbiddenTransition``, ``TooMany``."""
    habilitation = access.managed(work, habilitation_id)
    after(habilitation.state_at(work.now), Verb.RESEND)
    invitation = access.open_invitation(work, habilitation.invitation_id) if habilitation.invitation_id else None
    if invitation is None:
        raise NotFound
    limits = companies.brand(work).own.invitations
    _pace(work, invitation, limits)
    invitation.sent_at, invitation.sendings = work.now, invitation.sendings + 1
    invitation.expires_at = work.now + limits.life
    habilitation.live(Verb.RESEND, work.now)
    _send(work, invitation)
    work.audit("invitation.resent", f"invitation:{invitation.id}", sendings=invitation.sendings)
    return habilitation


def accepted(work: Work, fact: AccountActivated) -> None:
    """Somebody followed the link of an invitation and proved who she is: she gets what is left of it.

    A company whose inviter no longer administers it is not given, nor one where she holds something already.
    """
    access.lock_companies(work, {habilitation.siren for habilitation in access.invited(work, fact.activation_id)})
    invitation = access.open_invitation(work, fact.activation_id)
    if invitation is None:
        work.audit("invitation.unknown", f"account:{fact.account_id}", invitation=str(fact.activation_id))
        return
    habilitations.know_account(work, fact)
    for habilitation in access.invited(work, invitation.id):
        work.session.refresh(habilitation)
        _settle(work, habilitation, invitation, fact.account_id)
    invitation.close(work.now)


def _settle(work: Work, habilitation: Habilitation, invitation: Invitation, account_id: UUID) -> None:
    given = access.administers(work, invitation.invited_by, habilitation.siren)
    if given and access.live_habilitation(work, account_id, habilitation.siren) is None:
        habilitations.accept(work, habilitation, account_id)
    elif habilitation.revoked_at is None:
        habilitation.live(Verb.REVOKE, work.now)
        work.audit("habilitation.not_given", f"account:{account_id}", siren=habilitation.siren)


def _check(work: Work, form: dict[str, Any], grants: dict[str, Any]) -> None:
    """A company that is not hers to give answers like one that does not exist."""
    mine = set(access.administered(work.actor))
    if not all(siren in mine and access.administers(work, work.actor.account_id, siren) for siren in grants):
        raise NotFound
    if len(grants) != len(form["grants"]):
        raise errors.same_company_twice()
    if any(grant["ends_on"] is not None and grant["ends_on"] < work.today for grant in grants.values()):
        raise errors.past_end()


def _count_sending(work: Work, limits: Invitations) -> None:
    """One account does not write to the whole world in our name."""
    access.take_turn(work, f"inviter:{work.actor.account_id}")
    if access.sent_since(work, work.now - DAY) >= limits.per_day:
        raise TooMany(retry_after=int(DAY.total_seconds()))


def _pace(work: Work, invitation: Invitation, limits: Invitations) -> None:
    wait = invitation.sent_at + limits.every - work.now
    if wait > timedelta(0):
        raise TooMany(retry_after=1 + int(wait.total_seconds()))
    if invitation.sendings >= limits.most:
        raise errors.TooManyLinks
    _count_sending(work, limits)


def _invitation(work: Work, form: dict[str, Any], fingerprint: bytes, limits: Invitations) -> Invitation:
    return Invitation(
        brand=work.brand_key,
        email=form["email"],
        email_fingerprint=fingerprint,
        first_name=form["first_name"],
        last_name=form["last_name"],
        invited_by=work.actor.account_id,
        sent_at=work.now,
        expires_at=work.now + limits.life,
    )


def _invited(work: Work, invitation: Invitation, grant: dict[str, Any]) -> Habilitation:
    return Habilitation(
        invitation_id=invitation.id,
        siren=grant["siren"],
        role=grant["role"],
        ends_on=grant["ends_on"],
        sees_nir=grant["sees_nir"],
        state=after(None, Verb.INVITE),
        changed_at=work.now,
    )


def _send(work: Work, invitation: Invitation) -> None:
    names = [_company(work, habilitation).name for habilitation in access.invited(work, invitation.id)]
    inviter = access.account(work, work.actor.account_id)
    work.emit(
        facts.InvitationSent(
            invitation_id=invitation.id,
            company_names=tuple(names[: rules.NAMED]),
            companies=len(names),
            first_name=Sealed(invitation.first_name or ""),
            last_name=Sealed(invitation.last_name or ""),
            email=Sealed(invitation.email or ""),
            inviter=Sealed(f"{inviter.first_name} {inviter.last_name}") if inviter else None,
            expires_at=invitation.expires_at,
            reminder=invitation.sendings > 1,
        )
    )


def _company(work: Work, habilitation: Habilitation) -> Company:
    return companies.company(work, habilitation.siren)
