"""« Qui a ouvert mon dossier »: which kind of person, with which profile, of which organisation, what and when; never a reader's name."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row

from chassis.labels import _
from services.members.access import accesses as access
from services.members.access.rights import own_person_id
from services.members.config import Work

ACTIONS = {
    "employee.seen": _("Consultation de vos droits et de leur historique"),
    "employees.exported": _("Téléchargement de la liste des salariés, où vous figurez peut-être"),
    "affiliation.read": _("Consultation du suivi de votre affiliation"),
    "affiliations.read": _("Téléchargement du suivi des affiliations, où vous figurez peut-être"),
    "bulletin.read": _("Impression de votre bulletin d'affiliation"),
    "thread.read": _("Lecture d'une de vos conversations"),
    "document.read": _("Ouverture d'un de vos documents"),
    "radiation.told": _("Déclaration de votre départ de l'entreprise"),
    "radiation.corrected": _("Correction de la déclaration de votre départ"),
    "radiation.withdrawn": _("Annulation de la déclaration de votre départ"),
    "portability.stopped": _("Fin de votre portabilité, à la fin de votre indemnisation"),
    "portability.proved": _("Enregistrement de votre justificatif de portabilité"),
    "portability.declared": _("Votre déclaration de portabilité"),
    "portability.joined": _("Ajout d'un justificatif de portabilité, depuis votre espace"),
    "portability.withdrawn": _("Retrait de votre déclaration de portabilité"),
    "portability.proof_refused": _("Refus de votre justificatif de portabilité"),
    "portability.refused": _("Refus de votre déclaration de portabilité"),
    "person.contact_changed": _("Mise à jour de vos coordonnées, depuis votre espace"),
    "person.registered": _("Ouverture de votre dossier, à la fin de votre affiliation"),
}
"""The acts that a person is told of, with their words."""
PROFILES = {
    "administrator": _("Administrateur"),
    "user": _("Utilisateur"),
    "administer": _("Responsable"),
    "handle": _("Gestionnaire"),
    "read": _("Consultation seule"),
}
"""What one may do in one's space (S1:124-134), or at the platform."""
ROLES = {"employer": _("Votre employeur"), "caseworker": _("Un conseiller"), "system": _("La plateforme"), "member": _("Vous")}


def my_accesses(work: Work, *, after: int | None, limit: int) -> dict[str, Any]:
    """A page of who read or changed one's file, the latest first."""
    lines = access.lines_about(work, own_person_id(work.actor), ACTIONS, after=after, limit=limit + 1)
    page = lines[:limit]
    names = access.company_names(work, {siren for line in page for siren in _sirens(line)})
    return {"items": [_line(work, line, names) for line in page], "next": page[-1].id if len(lines) > limit else None}


def _line(work: Work, line: Row[Any], names: dict[str, str]) -> dict[str, Any]:
    kind = line.details.get("reader") or line.actor.partition(":")[0]
    company = next((names[siren] for siren in _sirens(line) if siren in names), None)
    return {
        "at": datetime.fromisoformat(line.details["at"]) if "at" in line.details else line.at,
        "role": kind,
        "role_label": ROLES.get(kind, kind),
        "profile_label": PROFILES.get(line.details.get("role", "")),
        "organisation": company if company and kind == "employer" else work.brand.identity.name,
        "what": line.action,
        "what_label": ACTIONS[line.action],
    }


def _sirens(line: Row[Any]) -> list[str]:
    """The companies that the reader acted for; one list may be of several, of which a person only knows her own."""
    found = line.details.get("sirens") or [line.subject.removeprefix("siret:")[:9]]
    return [siren for siren in found if siren.isdigit()]
