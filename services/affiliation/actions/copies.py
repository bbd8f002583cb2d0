"""The part of affiliation in the copy of somebody's data: the forms that members says are theirs, what was joined, what happened."""

from chassis.copies import Section, section
from chassis.labels import _
from events.members import MembersPart
from services.affiliation import access
from services.affiliation.config import Work

FORMS = {
    "establishment_name": _("Établissement"),
    "contract_label": _("Contrat"),
    "professional_status": _("Statut professionnel"),
    "starts_on": _("Début"),
    "first_name": _("Prénom"),
    "last_name": _("Nom"),
    "birth_on": _("Né(e) le"),
    "email": _("Adresse e-mail déclarée"),
    "contact_email": _("Adresse e-mail donnée"),
    "address": _("Adresse postale"),
    "status": _("Situation"),
    "status_at": _("Depuis le"),
}
MOVES = {"at": _("Le"), "verb": _("Action"), "reached": _("Situation"), "by": _("Par")}
PIECES = {"kind": _("Pièce"), "state": _("Situation")}


def gather(work: Work, asked: MembersPart) -> list[Section]:
    """What affiliation holds of the forms that opened somebody's rights."""
    forms = access.of_ids(work, asked.affiliations)
    return [
        section("forms", _("Vos bulletins d'affiliation"), FORMS, forms),
        section("history", _("Leur histoire"), MOVES, [move for form in forms for move in access.moves(work, form)]),
        section("pieces", _("Vos pièces jointes"), PIECES, [piece for form in forms for piece in access.documents(work, form)]),
    ]
