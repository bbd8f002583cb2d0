"""The copy of all one's data (RGPD art. 15 and 20): asked here, gathered from every service, ready for a week."""

import uuid
from typing import Any

from chassis.copies import Section, section
from chassis.hold import refuse_while_held
from chassis.labels import _
from events import Sealed
from events.documents import Released
from events.identity import CopyAsked, CopyReady
from services.identity import access
from services.identity.actions import pacing, second_factor
from services.identity.config import IdentityWork
from services.identity.models import AccountExport, Device, Session
from services.identity.rules import copies as rules
from services.identity.rules.second_factor import masked

ACCOUNT = {
    "kind": _("Profil"),
    "space": _("Espace"),
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "email": _("Adresse e-mail"),
    "phone": _("Téléphone mobile"),
    "activated_at": _("Compte ouvert le"),
}
SESSIONS = {"browser": _("Navigateur"), "network": _("Réseau"), "created_at": _("Ouverte le"), "last_seen_at": _("Vue le")}
DEVICES = {"browser": _("Navigateur"), "network": _("Réseau"), "first_seen_at": _("Connu depuis"), "last_seen_at": _("Vu le")}
PROVIDERS = {"issuer": _("Adresse"), "linked_at": _("Attaché le"), "last_used_at": _("Dernière connexion le")}
CONSENTS = {"purpose": _("Sujet"), "channel": _("Moyen"), "given": _("Accepté"), "at": _("Le")}


def ask(work: IdentityWork) -> AccountExport:
    """Ask every service for its part. Raises ``Held``, ``SecondFactorExpected``, ``TooMany`` or ``NotFound``."""
    refuse_while_held(work)
    account = access.expected_account(work)
    second_factor.expect(work)
    pacing.spend(work, "copy", account.subject, rules.ASKING)
    asked = AccountExport(id=uuid.uuid4(), account_id=account.id, brand=account.brand, asked_at=work.now)
    work.session.add(asked)
    work.session.flush()
    whose = {"account_id": account.id, "kind": account.kind, "reference": account.reference}
    work.emit(CopyAsked(copy_id=asked.id, **whose))  # type: ignore[arg-type]
    work.audit("copy.asked", account.subject, copy=str(asked.id))
    return asked


def note_ready(work: IdentityWork, fact: Released) -> None:
    """The archive was assembled and found clean: who asked is told. Other files are none of ours."""
    asked = access.copy(work, fact.document_id) if fact.kind == rules.DOCUMENT_KIND else None
    account = access.account(work.for_brand(asked.brand), asked.account_id) if asked else None
    if asked is None or account is None or asked.ready_at is not None:
        return
    asked.ready_at, asked.document_id, asked.expires_at = work.now, fact.document_id, work.now + rules.KEPT
    whose = {"account_id": account.id, "kind": account.kind, "reference": account.reference, "email": Sealed(account.email or "")}
    work.for_brand(asked.brand).emit(CopyReady(copy_id=asked.id, expires_at=asked.expires_at, **whose))  # type: ignore[arg-type]


def gather(work: IdentityWork, asked: CopyAsked) -> list[Section]:
    """What identity holds of who asks; secrets (password, tokens, codes) are in no copy."""
    account = access.account(work, asked.account_id)
    held = access.held_of(work, asked.account_id)
    return [
        section("account", _("Votre compte"), ACCOUNT, [account] if account else []),
        section("sessions", _("Vos connexions"), SESSIONS, map(_seen, held.sessions)),
        section("devices", _("Vos appareils de confiance"), DEVICES, map(_seen, held.devices)),
        section("providers", _("Vos fournisseurs d'identité"), PROVIDERS, held.providers),
        section("consents", _("Vos choix de contact"), CONSENTS, held.consents),
    ]


def _seen(of: Session | Device) -> dict[str, Any]:
    """Where one was, its network without its end."""
    names = ("browser", "created_at", "first_seen_at", "last_seen_at")
    return {name: getattr(of, name) for name in names if hasattr(of, name)} | {"network": masked(of.network)}
