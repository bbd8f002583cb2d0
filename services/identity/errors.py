"""What identity refuses, in the words people read. Where a distinction would tell who has an account, there is none."""

from chassis.labels import _
from chassis.problems import Refusal, TooMany

BORN_LATER = _("Cette date est dans le futur : vérifiez l'année.")


class WrongCredentials(Refusal):
    """Unknown e-mail, wrong password, account not activated: one answer, and the try stays counted."""

    status, slug, title, keeps = 401, "identifiants-incorrects", _("L'adresse e-mail ou le mot de passe est incorrect."), True


class Crowded(Refusal):
    """More sign-ins at once than the memory of a process allows: nothing was looked at, no try was counted."""

    status, slug = 503, "trop-de-connexions"
    title = _("Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes.")


class SmsSpent(TooMany):
    """Enough SMS went to this number, for this network or for the brand; ``channels`` lists where a code may go instead."""

    slug, title = "sms-epuises", _("Nous ne pouvons plus envoyer de SMS pour le moment. Patientez avant de réessayer.")


class WrongCode(Refusal):
    """Wrong, used, replaced or expired code, unknown request: one answer, and the try stays counted. ``remaining`` tries are told."""

    status, slug, title, keeps = 409, "code-refuse", _("Ce code n'est pas valable. Vérifiez-le ou demandez-en un nouveau."), True


class WrongLink(Refusal):
    """Unknown, used, replaced or expired link or letter code: one answer."""

    status, slug, keeps = 409, "acces-refuse-lien", True
    title = _(
        "Ce lien ou ce code n'est plus valable. Demandez un code à l'adresse e-mail que vous avez donnée pour revenir à votre dossier."
    )


class WrongInvitation(Refusal):
    """Unknown, used, replaced, withdrawn or expired link of an invitation: one answer."""

    status, slug, keeps = 409, "invitation-refusee", True
    title = _("Ce lien d'invitation n'est plus valable. Demandez à la personne qui vous a invité de vous l'envoyer de nouveau.")


class AlreadyInvited(Refusal):
    """The e-mail is a caseworker's, or is invited."""

    status, slug, title = 409, "conseiller-existant", _("Cette adresse e-mail est déjà celle d'un conseiller, invité ou actif.")


class LastAdministrator(Refusal):
    """The platform would be left without an administrator."""

    status, slug, title = (
        409,
        "dernier-responsable",
        _("Cette personne est la dernière à administrer la plateforme. Donnez d'abord ce rôle à quelqu'un d'autre."),
    )


class OwnAccess(Refusal):
    """Nobody has their own access given back."""

    status, slug, title = (
        409,
        "acces-de-soi",
        _("Une autre personne qui administre la plateforme doit s'en charger. S'il n'y en a pas, adressez-vous à l'exploitant."),
    )


class ProofRefused(Refusal):
    """The proof of the code is unknown, over, or already used."""

    status, slug, title = 409, "preuve-refusee", _("Votre vérification n'est plus valable. Demandez un nouveau code d'activation.")


class PasswordRefused(Refusal):
    """``criteria`` lists what is missing, each with a stable key and its sentence."""

    status, slug, title = 422, "mot-de-passe-refuse", _("Ce mot de passe ne convient pas.")


class TermsChanged(Refusal):
    """The accepted version is not the one in force; ``version`` is."""

    status, slug, title = 409, "conditions-a-accepter", _("Les conditions générales ont changé : relisez-les puis acceptez-les.")


class WrongResetLink(Refusal):
    """Unknown, used, replaced or expired link to choose a password: one answer, and the try stays counted."""

    status, slug, keeps = 409, "lien-refuse", True
    title = _("Ce lien n'est plus valable. Demandez-en un nouveau depuis « Mot de passe oublié ».")


class TotpKnown(Refusal):
    """An application is enrolled already: it is removed before another takes its place."""

    status, slug = 409, "application-deja-enregistree"
    title = _("Une application de codes protège déjà ce compte. Retirez-la d'abord, avec l'un de ses codes.")


class TotpRequired(Refusal):
    """A caseworker's application cannot be removed, only replaced by an administrator."""

    status, slug, title = 409, "application-obligatoire", _("Votre profil ne peut pas se passer d'application de codes.")


class ChallengeOver(Refusal):
    """Unknown, finished or too old sign-in: it starts again with the password."""

    status, slug, title = (
        409,
        "connexion-a-reprendre",
        _("Cette connexion a expiré. Saisissez à nouveau votre adresse e-mail et votre mot de passe."),
    )


class ChannelRefused(Refusal):
    """A code cannot go there at this step; ``channels`` lists where it can."""

    status, slug, title = 409, "canal-refuse", _("Le code ne peut pas être envoyé par ce moyen à cette étape.")


class PhoneExpected(Refusal):
    """The phone must be given, and be a mobile."""

    status, slug, title = 422, "mobile-attendu", _("Indiquez un numéro de téléphone mobile : le code y sera envoyé par SMS.")


class PhoneKnown(Refusal):
    """A phone is on file: it cannot be replaced while signing in."""

    status, slug, title = 409, "numero-deja-connu", _("Un numéro est déjà enregistré : il ne peut pas être changé pendant la connexion.")


class Elsewhere(Refusal):
    """This space is not opened that way."""

    status, slug, title = 409, "espace-sans-activation", _("Cet espace ne s'ouvre pas de cette façon.")


class WrongPassword(Refusal):
    """The password asked again, before a sensitive act, is wrong; the try stays counted."""

    status, slug, title, keeps = 403, "mot-de-passe-incorrect", _("Ce mot de passe n'est pas le bon. Rien n'a été changé."), True


class SecondFactorExpected(Refusal):
    """The session was opened without a second factor, and the act asks for one."""

    status, slug = 403, "connexion-a-confirmer"
    title = _("Cette action demande une connexion confirmée par un code. Déconnectez-vous, puis reconnectez-vous avec un code.")


class TooLateToStay(Refusal):
    """An application asks to stay signed in right after signing in, once."""

    status, slug = 409, "connexion-trop-ancienne"
    title = _("Pour rester connecté dans l'application, reconnectez-vous d'abord.")


class MobileOver(Refusal):
    """Unknown, used, ended or forgotten for three months: one answer, and what a copied token ends stays ended."""

    status, slug, title, keeps = 401, "application-a-reconnecter", _("Reconnectez-vous dans l'application."), True


class SameContact(Refusal):
    """Nothing would change."""

    status, slug, title = 409, "coordonnee-inchangee", _("C'est déjà la coordonnée de votre compte.")


class AddressTaken(Refusal):
    """Told only to who proved the mailbox with a code."""

    status, slug = 409, "adresse-deja-utilisee"
    title = _("Cette adresse e-mail sert déjà à un autre compte de cet espace : choisissez-en une autre.")


class ObjectionOver(Refusal):
    """Unknown, used or too old: one answer."""

    status, slug = 409, "opposition-impossible"
    title = _("Ce lien n'est plus valable. Appelez-nous : nous vérifierons avec vous ce qui a changé sur votre compte.")


class NoSuchQuestion(Refusal):
    """Nobody asks about that purpose by that channel."""

    status, slug, title = 422, "consentement-inconnu", _("Cette combinaison de sujet et de moyen de contact n'est pas proposée.")


class ProviderNotOffered(Refusal):
    """This space opens with its own password alone."""

    status, slug = 409, "fournisseur-non-propose"
    title = _("Cet espace ne propose pas d'autre façon de se connecter que votre adresse e-mail et votre mot de passe.")


class ProviderDown(Refusal):
    """The provider does not answer, or answers nonsense before anybody is asked anything."""

    status, slug = 503, "fournisseur-injoignable"
    title = _(
        "Ce service de connexion ne répond pas. Connectez-vous avec votre adresse e-mail et votre mot de passe, ou réessayez bientôt."
    )


class ReturnRefused(Refusal):
    """Unknown, used or expired attempt, or another browser's: one answer, and the try stays counted."""

    status, slug, keeps = 409, "retour-refuse", True
    title = _("Cette connexion n'est plus valable, ou a été commencée dans un autre navigateur. Recommencez depuis la page de connexion.")


class WordRefused(Refusal):
    """What the provider sent is not its word about this attempt: wrong signature, issuer, audience, nonce or date, or a refused code."""

    status, slug = 409, "preuve-du-fournisseur-refusee"
    title = _("La réponse du service de connexion n'a pas pu être vérifiée. Recommencez, ou connectez-vous avec votre mot de passe.")


class EmailUnproved(Refusal):
    """The provider does not say that it verified the address."""

    status, slug = 409, "adresse-non-verifiee"
    title = _(
        "Ce service de connexion n'a pas vérifié votre adresse e-mail. Vérifiez-la chez lui, ou connectez-vous avec votre mot de passe."
    )


class LinkUseless(Refusal):
    """The account that the provider's person was tied to opens nothing now."""

    status, slug = 409, "connexion-externe-refusee"
    title = _("Cette connexion ne peut pas aboutir. Connectez-vous avec votre adresse e-mail et votre mot de passe.")
