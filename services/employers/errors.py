"""What employers refuses, and how it says so."""

from chassis.labels import _
from chassis.problems import Invalid, Refusal


class AlreadyRegistered(Refusal):
    """The SIREN or SIRET is in the portfolio."""

    status, slug, title = 409, "entreprise-deja-enregistree", _("Ce numéro est déjà enregistré.")


class ForbiddenTransition(Refusal):
    """The state of a habilitation does not allow it; ``state`` is told."""

    status, slug, title = 409, "habilitation-etat", _("Cette action n'est pas possible dans l'état actuel de cette habilitation.")


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same habilitation at the same time."""

    status, slug, title = 409, "habilitation-modifiee", _("Cette habilitation vient d'être modifiée. Relisez-la avant de recommencer.")


class LastAdministrator(Refusal):
    """The company would be left without an administrator."""

    status, slug, title = (
        409,
        "dernier-administrateur",
        _("Cette personne est la dernière à administrer l'entreprise. Donnez d'abord ce profil à quelqu'un d'autre."),
    )


class AlreadyThere(Refusal):
    """The person holds something, or is invited, on one of the companies."""

    status, slug, title = (
        409,
        "habilitation-existante",
        _("Cette personne a déjà un accès ou une invitation pour l'une de ces entreprises : modifiez-le depuis la liste."),
    )


class TooManyLinks(Refusal):
    """The link was sent as often as the brand allows."""

    status, slug, title = 409, "lien-trop-renvoye", _("Le lien a été renvoyé trop de fois. Retirez l'invitation, puis invitez à nouveau.")


def unknown_insurer() -> Invalid:
    return Invalid.at("insurer", _("Cet assureur n'est pas proposé par cette marque."))


def unknown_brand() -> Invalid:
    return Invalid.at("brand", _("Cette marque n'est pas connue."))


def no_contact() -> Invalid:
    return Invalid.at("contact_email", _("Indiquez une adresse e-mail ou postale : le code d'activation y sera envoyé."))


def unreadable_identifier() -> Invalid:
    return Invalid.at("identifier", _("L'identifiant compte au moins quatre lettres ou chiffres."))


def foreign_establishment() -> Invalid:
    return Invalid.at("siret", _("Ce SIRET n'appartient pas à cette entreprise : ses neuf premiers chiffres sont ceux du SIREN."))


def one_number() -> Invalid:
    return Invalid.at("siret", _("Indiquez un SIRET ou un SIREN, l'un des deux."))


def number_refused(kind: str) -> Invalid:
    return Invalid.at(kind, _("Ce numéro n'est pas accepté ici : indiquez l'autre."))


def same_company_twice() -> Invalid:
    return Invalid.at("grants", _("La même entreprise est citée deux fois."))


def past_end() -> Invalid:
    return Invalid.at("ends_on", _("Cette date est passée : indiquez aujourd'hui ou un jour à venir."))


def past_return() -> Invalid:
    return Invalid.at("resumes_on", _("Indiquez un jour à venir : l'accès reviendra ce jour-là."))
