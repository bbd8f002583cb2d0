"""The part of members in the copy of somebody's data: the person as known here, rights, dependents, what happened to them, care paid."""

from collections.abc import Sequence
from typing import Any

from chassis.copies import Section, section, written
from chassis.labels import _
from chassis.work import Told
from events.fact import Sealed
from events.identity import CopyAsked
from events.members import MembersPart
from services.members.access import reimbursements, requests
from services.members.access import rights as access
from services.members.config import Work
from services.members.models import Person, Reimbursement, Rights
from services.members.rules import contents
from services.members.rules.reimbursements import PAID_TO_LABELS

PERSON = {
    "member_number": _("Numéro d'adhérent"),
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "birth_on": _("Né(e) le"),
    "nir": _("Numéro de sécurité sociale"),
    "iban": _("IBAN"),
    "email": _("Adresse e-mail"),
    "phone": _("Téléphone mobile"),
    "landline": _("Téléphone fixe"),
    "address": _("Adresse postale"),
}
RIGHTS = {
    "contract_reference": _("Contrat"),
    "siret": _("Établissement"),
    "professional_status": _("Statut professionnel"),
    "starts_on": _("Début"),
    "ends_on": _("Fin"),
    "status": _("Situation"),
    "reason": _("Motif"),
}
DEPENDENTS = {"kinship": _("Lien"), "first_name": _("Prénom"), "last_name": _("Nom"), "birth_on": _("Né(e) le"), "nir": _("NIR")}
MOVEMENTS = {"at": _("Le"), "move": _("Mouvement"), "status": _("Situation"), "reason": _("Motif"), "source": _("Source")}

REQUESTS = {
    "declared_at": _("Déclarée le"),
    "ended_on": _("Fin du contrat"),
    "motive": _("Motif"),
    "answer": _("Réponse"),
    "refusal": _("Raison du refus"),
}
REIMBURSEMENTS = {
    "care_on": _("Soins du"),
    "paid_on": _("Réglé le"),
    "first_name": _("Bénéficiaire"),
    "care": _("Soin"),
    "cost": _("Frais réels"),
    "base_scheme": _("Assurance Maladie"),
    "complementary": _("Complémentaire"),
    "left": _("Reste à payer"),
    "paid_to": _("Payé à"),
}


def give(work: Work, told: Told[CopyAsked]) -> None:
    """Tell what is known of a person, and which forms it came from: affiliation knows nobody but by them."""
    ours, asked = work.because(told), told.fact
    person = access.person_of_reference(ours, asked.reference)
    rights = access.of_people(ours, [person.id]) if person else []
    content = Sealed(written(_sections(ours, person, rights) if person else []))
    ours.emit(MembersPart(copy_id=asked.copy_id, content=content, affiliations=tuple(each.affiliation_id for each in rights)))


def _sections(work: Work, person: Person, rights: Sequence[Rights]) -> list[Section]:
    moves = [move for each in rights for move in access.movements(work, each.id)]
    return [
        section("person", _("Vous"), PERSON, [person]),
        section("rights", _("Vos droits"), RIGHTS, rights),
        section("dependents", _("Vos ayants droit"), DEPENDENTS, access.dependents(work, [each.id for each in rights])),
        section("history", _("Ce qui a changé dans vos droits"), MOVEMENTS, moves),
        section("portability", _("Vos déclarations de portabilité"), REQUESTS, requests.of_person(work, person.id)),
        section("reimbursements", _("Vos remboursements"), REIMBURSEMENTS, map(_paid, reimbursements.of_person(work, person.id))),
    ]


def _paid(row: Reimbursement) -> dict[str, Any]:
    told = contents.read(row.content)
    return {
        **{name: getattr(row, name) for name in ("care_on", "paid_on", "cost", "base_scheme", "complementary")},
        "first_name": told.first_name,
        "care": told.label,
        "left": row.left_to_pay,
        "paid_to": PAID_TO_LABELS[row.paid_to],  # type: ignore[index]  # written from one
    }
