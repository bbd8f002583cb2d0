"""What one can ask identity: the password rule of a space, who one is, where one is signed in."""

from datetime import datetime
from typing import Any

from chassis.hold import still
from chassis.labels import _
from services.identity import access
from services.identity.config import IdentityWork
from services.identity.models import Account, AccountExport, Applicant, Consent, Device, Invitation, PendingAct, Session
from services.identity.rules import consents as rules
from services.identity.rules import passwords
from services.identity.rules.second_factor import masked

CASEWORKER_STATES = {
    "active": _("Actif"),
    "suspended": _("Suspendu"),
    "disarmed": _("Accès à refaire"),
    "invited": _("Invité"),
    "expired": _("Invitation expirée"),
}
COPY_STATES = {"gathering": _("En préparation"), "ready": _("Disponible"), "expired": _("Expirée")}


def password_rule(work: IdentityWork) -> dict[str, Any]:
    """What a password must satisfy in the visitor's space, and the terms to accept."""
    own, space = work.brand.own, work.actor.space
    policy = own.password[space].policy
    return {
        "min_length": policy.min_length,
        "criteria": [criterion._asdict() for criterion in policy.criteria()],
        "terms": own.terms[space],
        "activation": {"way": own.activation.ways.get(space), "channels": list(own.activation.channels)},
    }


def password_check(work: IdentityWork, password: str, first_name: str | None, last_name: str | None, email: str | None) -> dict[str, Any]:
    """What a candidate meets of the rule of the visitor's space, and how strong it is; nothing of it is kept."""
    plain, policy = passwords.normalised(password), work.brand.own.password[work.actor.space].policy
    known = passwords.clues(first_name or "", last_name or "", email or "", work.brand.identity.key, work.brand.identity.name)
    checked = [criterion._asdict() | {"met": met} for criterion, met in policy.checked(plain, known)]
    return {"accepted": all(line["met"] for line in checked), "criteria": checked, **passwords.strength(plain)._asdict()}


def own_terms(work: IdentityWork) -> dict[str, Any]:
    """The conditions of one's space, and what one accepted of them, the latest first."""
    account = access.expected_account(work)
    in_force = work.brand.own.terms[account.space]
    accepted = [{"version": row.version, "digest": row.digest.hex(), "accepted_at": row.accepted_at} for row in access.own_terms(work)]
    return {"in_force": in_force, "to_accept": account.terms_version != in_force.version, "accepted": accepted}


def me(work: IdentityWork) -> dict[str, Any]:
    """Who is signed in, and what for: the signed identity decides, the row only adds the names."""
    actor, person = work.actor, _person(work)
    return {
        "kind": actor.kind,
        "first_name": getattr(person, "first_name", None) or "",
        "last_name": getattr(person, "last_name", None) or "",
        "space": actor.space,
        "brand": actor.brand,
        "grants": {scope: actor.role(scope) for scope in actor.grants},
        "reference": actor.reference,
        "strong": actor.strong,
        "hold_until": still(getattr(person, "hold_until", None), work.now),
    }


def sessions(work: IdentityWork) -> dict[str, Any]:
    """Where one is signed in, the latest first."""
    open_ones = [session for session in access.own_sessions(work) if session.is_open(work.now)]
    return {"items": [_session(session, session.id == work.actor.session_id) for session in open_ones], "next": None}


def devices(work: IdentityWork) -> dict[str, Any]:
    """The browsers one trusts, the latest seen first."""
    return {"items": [_device(device) for device in access.own_devices(work)], "next": None}


def oidc_offer(work: IdentityWork) -> dict[str, Any]:
    """The provider that the visitor's space offers beside its password, if any."""
    offered = work.brand.own.oidc.get(work.actor.space)
    return {"label": offered.label if offered else None}


def oidc_links(work: IdentityWork) -> dict[str, Any]:
    """The providers that open one's account, the latest used first; one that is not offered any more goes by its address."""
    offered = work.brand.own.oidc.get(work.actor.space)
    labels = {offered.issuer: offered.label} if offered else {}
    told = ("id", "linked_at", "last_used_at")
    links = access.own_links(work)
    return {
        "items": [{name: getattr(link, name) for name in told} | {"label": labels.get(link.issuer, link.issuer)} for link in links],
        "next": None,
    }


def caseworkers(work: IdentityWork) -> dict[str, Any]:
    """The platform's own people and those who were invited."""
    links, acts = access.caseworkers_invited(work), access.waiting_acts(work)
    sent = {link.account_id: link for link in links if link.account_id}
    known = [_known(work, account, sent.get(account.id), acts.get(account.id)) for account in access.caseworkers(work)]
    return {"items": [*known, *(caseworker_invited(work, link) for link in links if link.account_id is None)]}


def caseworker(work: IdentityWork, account: Account) -> dict[str, Any]:
    """One of the platform's own people."""
    work.session.flush()
    sent = next((link for link in access.caseworkers_invited(work) if link.account_id == account.id), None)
    return _known(work, account, sent, access.waiting_acts(work).get(account.id))


def caseworker_linked(work: IdentityWork, link: Invitation) -> dict[str, Any]:
    """Whoever a link was just sent to: a colleague who comes back, or one who was invited."""
    account = access.account(work, link.account_id)
    return caseworker(work, account) if account else caseworker_invited(work, link)


def caseworker_invited(work: IdentityWork, invitation: Invitation) -> dict[str, Any]:
    """A colleague who did not follow her link yet."""
    state = "expired" if invitation.expires_at <= work.now else "invited"
    return _caseworker(invitation, state, invitation.expires_at, None)


def _known(work: IdentityWork, account: Account, link: Invitation | None, act: PendingAct | None) -> dict[str, Any]:
    state = "suspended" if account.suspended_at else "disarmed" if account.disarmed_at else "active"
    return _caseworker(account, state, link.expires_at if link else None, _rearming(work, act) if act else None)


def _rearming(work: IdentityWork, act: PendingAct) -> dict[str, Any]:
    told = ("reason", "asked_at", "expires_at")
    return {name: getattr(act, name) for name in told} | {"asked_by_me": act.asked_by == work.actor.account_id}


def _caseworker(of: Account | Invitation, state: str, expires_at: datetime | None, rearming: dict[str, Any] | None) -> dict[str, Any]:
    told = {name: getattr(of, name) for name in ("id", "first_name", "last_name", "email", "role")}
    shown = {"state": state, "state_label": CASEWORKER_STATES[state]}
    return told | shown | {"invitation_expires_at": expires_at, "rearming": rearming}


def profile(work: IdentityWork) -> dict[str, Any]:
    """One's own coordinates, and the changes that wait for their code. Raises ``NotFound``."""
    account = access.expected_account(work)
    told = ("first_name", "last_name", "email", "phone")
    waiting = access.own_waiting_changes(work)
    return {name: getattr(account, name) for name in told} | {"hold_until": still(account.hold_until, work.now), "waiting": waiting}


def copies(work: IdentityWork) -> dict[str, Any]:
    """The copies of their data that one asked for, the latest first; an archive that is over is told no more."""
    return {"items": [copy_line(work, asked) for asked in access.own_copies(work)], "next": None}


def copy_line(work: IdentityWork, asked: AccountExport) -> dict[str, Any]:
    """Where one copy stands."""
    over = asked.expires_at is not None and asked.expires_at <= work.now
    state = "expired" if over else "ready" if asked.ready_at else "gathering"
    shown = {name: getattr(asked, name) for name in ("id", "asked_at", "ready_at", "expires_at")}
    return shown | {"state": state, "state_label": COPY_STATES[state], "document_id": None if over else asked.document_id}


def consents(work: IdentityWork) -> dict[str, Any]:
    """Every question about being written to, and what one answered, if anything."""
    newest = access.newest_consents(work)
    asked = ((purpose, channel) for purpose, channels in rules.QUESTIONS.items() for channel in channels)
    return {"items": [_consent(purpose, channel, newest.get((purpose, channel))) for purpose, channel in asked], "next": None}


def consent_history(work: IdentityWork) -> dict[str, Any]:
    """Every answer one gave, the latest first."""
    given = reversed(access.own_consents(work))
    return {"items": [_consent(consent.purpose, consent.channel, consent) for consent in given], "next": None}


def _consent(purpose: str, channel: str, answer: Consent | None) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "purpose_label": rules.PURPOSES.get(purpose, purpose),
        "channel": channel,
        "channel_label": rules.CHANNELS[channel],
        "given": answer.given if answer else None,
        "at": answer.at if answer else None,
    }


def _person(work: IdentityWork) -> Account | Applicant | None:
    return access.own_account(work) if work.actor.account_id else access.own_applicant(work)


def _session(session: Session, current: bool) -> dict[str, Any]:
    told = ("id", "browser", "created_at", "last_seen_at", "strong")
    mobile = session.refresh_until is not None
    shown = {"network": masked(session.network), "mobile": mobile, "current": current}
    return {name: getattr(session, name) for name in told} | shown | {"expires_at": session.refresh_until or session.expires_at}


def _device(device: Device) -> dict[str, Any]:
    told = ("id", "browser", "first_seen_at", "last_seen_at")
    return {name: getattr(device, name) for name in told} | {"network": masked(device.network)}
