"""What employers refuses, and how it says so."""

from chassis.labels import _
from chassis.problems import Invalid, Refusal


class AlreadyRegistered(Refusal):
    """The SIREN or SIRET is in the portfolio."""

    status, slug, title = 409, "entreprise-deja-enregistree", _("Ce numéro est déjà enregistré.")


class ForbiddenTransition(Refusal):
    """The state of a habilitation does not allow it; ``state`` is told."""

    status, slug, title = 409, "habilitation-etat", _("Cette action n'est pas possible dans l'état actuel de cette habilitation.")


def _on(field: str, sentence: str) -> Invalid:
    return Invalid(errors=[{"field": field, "message": sentence}])


def unknown_insurer() -> Invalid:
    return _on("insurer", _("Cet assureur n'est pas proposé par cette marque."))


def unknown_brand() -> Invalid:
    return _on("brand", _("Cette marque n'est pas connue."))


def no_contact() -> Invalid:
    return _on("contact_email", _("Indiquez une adresse e-mail ou postale : le code d'activation y sera envoyé."))


def unreadable_identifier() -> Invalid:
    return _on("identifier", _("L'identifiant compte au moins quatre lettres ou chiffres."))


def foreign_establishment() -> Invalid:
    return _on("siret", _("Ce SIRET n'appartient pas à cette entreprise : ses neuf premiers chiffres sont ceux du SIREN."))
