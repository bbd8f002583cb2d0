"""What members refuses, and how it says so."""

from chassis.labels import _
from chassis.problems import Invalid, Refusal


class ContractExists(Refusal):
    """The company already has a contract of that reference (15.001 and 15.002 are unique together)."""

    status, slug, title = 409, "contrat-deja-enregistre", _("Ce contrat est déjà enregistré pour cette entreprise.")


class CardRefused(Refusal):
    """No card today. ``extra`` says since (or from) when, and why."""

    status, slug, title = 409, "carte-refusee", _("Votre carte n'est pas disponible.")


class NothingToProve(Refusal):
    """A proof of unemployment benefit arrived for somebody whose rights do not await one, or none of that day."""

    status, slug = 409, "portabilite-non-attendue"
    title = _("Aucun droit de cette personne n'attend de justificatif de portabilité à cette date.")


class NothingToStop(Refusal):
    """The benefit of somebody ended, and no portability of hers runs after that day."""

    status, slug, title = 409, "portabilite-non-en-cours", _("Aucune portabilité de cette personne n'est en cours après cette date.")


class SecondFactorExpected(Refusal):
    """People's numbers leave in one click only from a session that gave its second factor (architecture §8)."""

    status, slug, title = 403, "second-facteur-attendu", _("Reconnectez-vous avec votre code de sécurité pour télécharger ce fichier.")


class NumbersReserved(Refusal):
    """A whole NIR is sought by somebody who may read none."""

    status, slug, title = 403, "numeros-reserves", _("Votre habilitation ne permet pas de chercher par numéro de sécurité sociale.")


class TooManyViews(Refusal):
    """An account keeps a bounded number of views."""

    status, slug, title = 409, "trop-de-vues", _("Vous gardez déjà vingt vues : supprimez-en une pour en garder une autre.")


class ViewExists(Refusal):
    """Two views of one account do not bear one name."""

    status, slug, title = 409, "vue-deja-enregistree", _("Une de vos vues porte déjà ce nom.")


class ExportTooLarge(Refusal):
    """More rows than one file may hold."""

    status, slug, title = 409, "export-trop-volumineux", _("Cet export est trop volumineux : choisissez un établissement.")


class PaperTooLong(Refusal):
    """More lines than one PDF may hold. ``extra`` says how many it may."""

    status, slug, title = 409, "releve-trop-long", _("Ce relevé compterait trop de lignes : choisissez une période plus courte.")


class RadiationRefused(Refusal):
    """A radiation cannot be told, corrected or taken back here; the detail says why, and what to do instead (S1:312-314)."""

    status, slug, title = 409, "radiation-impossible", _("Cette radiation n'est pas possible ici.")


class SecondPersonExpected(Refusal):
    """So many people left in 24 h that a second person must approve the next ones, told as a list."""

    status, slug, title = (
        409,
        "seconde-personne-attendue",
        _("Beaucoup de salariés ont été radiés depuis 24 heures : déclarez les suivants en liste, une seconde personne validera."),
    )


def unknown_employee() -> str:
    """A line about somebody who is foreign or missing, no matter which."""
    return _("Ce salarié est introuvable.")


def said_twice() -> str:
    """A second line about the same employment."""
    return _("Ce salarié figure déjà plus haut dans la liste.")


def not_one_company() -> Invalid:
    return Invalid.at("radiations", _("Une liste concerne les salariés d'une seule entreprise."))


class NotCoveredThatDay(Refusal):
    """No rights of the person cover the day of the care."""

    status, slug, title = 409, "soin-non-couvert", _("Aucun de vos contrats ne couvre cette date de soins.")


class TariffUnknown(Refusal):
    """The table has no price of this act on that day: nothing is guessed."""

    status, slug, title = 409, "tarif-inconnu", _("Nous n'avons pas le tarif de ce soin à cette date. Demandez-nous un devis.")


class GuaranteeUnreadable(Refusal):
    """The words of the guarantee are for people: an adviser reckons it."""

    status, slug, title = 409, "garantie-a-etudier", _("Cette garantie ne se calcule pas en ligne. Demandez-nous un devis.")


class ServiceClosed(Refusal):
    """No contract opens the service today; the detail says why."""

    status, slug, title = 409, "service-non-ouvert", _("Ce service ne vous est pas ouvert.")


def unknown_brand() -> Invalid:
    return Invalid.at("brand", _("Cette marque n'est pas connue."))


class AlreadyDeclared(Refusal):
    """A declaration about the same employment waits already."""

    status, slug, title = 409, "portabilite-deja-declaree", _("Vous avez déjà déclaré cette fin de contrat : complétez cette déclaration.")


class NothingToDeclare(Refusal):
    """Rights that no declaration changes any more; the detail says where they stand, and why."""

    status, slug, title = 409, "portabilite-sans-objet", _("Il n'y a pas de portabilité à déclarer pour ces droits.")


class RequestClosed(Refusal):
    """The declaration was answered, or taken back."""

    status, slug, title = 409, "declaration-close", _("Cette déclaration est close : cette action n'est plus possible.")


def nothing_to_declare(status_label: str, reason: str) -> NothingToDeclare:
    return NothingToDeclare(f"{status_label}. {reason}")


def not_ended_yet() -> Invalid:
    return Invalid.at("ended_on", _("Le dernier jour d'indemnisation est à venir."))


def no_place() -> Invalid:
    return Invalid.at("postcode", _("Indiquez un code postal, une ville, ou les deux."))


def unknown_postcode() -> Invalid:
    return Invalid.at("postcode", _("Ce code postal n'est pas connu."))


def unknown_town() -> Invalid:
    return Invalid.at("town", _("Cette ville n'est pas connue : vérifiez son nom, ou indiquez son code postal."))


def town_elsewhere() -> Invalid:
    return Invalid.at("town", _("Cette ville n'a pas ce code postal."))


def ambiguous_town(choices: list[dict[str, object]]) -> Invalid:
    """Several communes have that name: the answer lists them."""
    sentence = _("Plusieurs villes portent ce nom : indiquez aussi le code postal.")
    return Invalid(errors=[{"field": "town", "message": sentence}], choices=choices)


def unknown_cursor() -> Invalid:
    return Invalid.at("after", _("Cette page n'existe pas : reprenez la recherche depuis le début."))


def not_received_yet() -> Invalid:
    return Invalid.at("received_on", _("La date de réception du justificatif est à venir."))


def of_another_company() -> Invalid:
    return Invalid.at("sirets", _("Un contrat ne concerne que des établissements de son entreprise."))
