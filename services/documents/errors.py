"""What documents refuses, and how it says so; and what the outside may fail to do, in words that name no vendor."""

from chassis.labels import _
from chassis.problems import Invalid, Refusal, TooMany


class EmptyFile(Refusal):
    status, slug, title = 422, "fichier-vide", _("Ce fichier est vide.")


class TypeRefused(Refusal):
    """``accepted`` lists the media types that the kind accepts."""

    status, slug, title = 422, "type-de-fichier-refuse", _("Ce type de fichier n'est pas accepté. Envoyez une photo ou un PDF.")


class Unreadable(Refusal):
    status, slug, title = (
        422,
        "fichier-illisible",
        _("Ce fichier est illisible ou abîmé. Ouvrez-le pour le vérifier, puis envoyez-le à nouveau."),
    )


class PictureTooLarge(Refusal):
    status, slug, title = 422, "image-trop-grande", _("Cette image a trop de points. Réduisez sa taille avant de l'envoyer.")


class TooManyFrames(Refusal):
    status, slug, title = 422, "image-trop-animee", _("Cette image animée est trop longue. Envoyez une image fixe.")


class PdfProtected(Refusal):
    status, slug, title = 422, "pdf-protege", _("Ce PDF est protégé. Enregistrez-le sans mot de passe ni restriction, puis envoyez-le.")


class PdfActive(Refusal):
    """The PDF acts by itself or carries files: JavaScript, automatic actions, attachments, XFA forms."""

    status, slug, title = (
        422,
        "pdf-actif",
        _("Ce PDF contient un programme, un formulaire animé ou une pièce jointe. Imprimez-le en PDF, puis envoyez-le."),
    )


class PdfWithoutPage(Refusal):
    status, slug, title = 422, "pdf-sans-page", _("Ce PDF n'a aucune page.")


class PdfTooComplex(Refusal):
    status, slug, title = 422, "pdf-trop-complexe", _("Ce PDF est trop complexe. Imprimez-le en PDF, puis envoyez-le.")


class NoSymbol(Refusal):
    """A caseworker sent a scan without saying whose it is, and no symbol of ours can be read on it."""

    status, slug, title = 422, "code-illisible", _("Le code de ce bulletin est illisible : tapez celui qui est imprimé sous le carré.")


class TooLarge(Refusal):
    """``max_bytes`` says how large a file of this kind may be."""

    status, slug, title = 413, "fichier-trop-volumineux", _("Ce fichier est trop volumineux.")


class TooManyFiles(Refusal):
    """``max_files`` says how many files of this kind one may keep."""

    status, slug, title = 409, "trop-de-fichiers", _("Vous avez déjà envoyé le nombre de fichiers prévu pour cette pièce.")


class TooMuchToday(TooMany):
    """``max_bytes`` says how much one may send in 24 hours."""

    slug, title = "trop-de-fichiers-aujourd-hui", _("Vous avez envoyé beaucoup de fichiers aujourd'hui. Réessayez demain.")


class InQuarantine(Refusal):
    status, slug, title = 409, "fichier-en-verification", _("Ce fichier est en cours de vérification. Réessayez dans un instant.")


class WasRefused(Refusal):
    status, slug, title = 409, "fichier-refuse", _("Ce fichier a été refusé : il ne peut pas être lu.")


class Damaged(Refusal):
    """The store gave back other bytes than those that were kept. What was audited stays."""

    status, slug, title, keeps = 409, "fichier-altere", _("Ce fichier a été altéré ou perdu : il ne peut pas être remis."), True


def unknown_kind() -> Invalid:
    return Invalid.at("kind", _("Ce genre de pièce n'est pas attendu."))


class ObjectMissing(Exception):
    """The store has no object of that key."""


class StoreDown(Exception):
    """The store does not answer, or has no room."""


class BucketMissing(StoreDown):
    """The server answers, and has no bucket of that name."""


class StoreRefuses(StoreDown):
    """The server answers, and will not have our credentials, or does not let them in there."""


class ScannerDown(Exception):
    """The antivirus did not give its verdict: nothing may be concluded."""
