"""What the gateway itself refuses, whoever carries the request further: the embedded router, or nginx and the edge."""

from chassis import problems
from chassis.labels import _


class UnknownHost(problems.Refusal):
    status, slug, title = 421, "adresse-inconnue", _("Ce nom d'hôte ne mène à aucun espace de cette plateforme.")


class UnknownMethod(problems.Refusal):
    status, slug, title = 405, "methode-refusee", _("Cette méthode n'est pas acceptée ici.")


class TooLarge(problems.Refusal):
    status, slug, title = 413, "trop-volumineux", _("L'envoi est trop volumineux.")


class TooLong(problems.Refusal):
    status, slug, title = 414, "adresse-trop-longue", _("L'adresse demandée est trop longue.")


class Unreadable(problems.Refusal):
    status, slug, title = 400, "requete-illisible", _("La requête est illisible.")


class Failed(problems.Refusal):
    """A fault of ours."""

    status = 500
    slug, title = problems.HTTP_TITLES[500]


class SessionEnded(problems.Refusal):
    """The token is not a session any more, or never was one."""

    status, slug, title = 401, "session-terminee", _("Votre session est terminée. Connectez-vous de nouveau.")


class ForgedRequest(problems.Refusal):
    """Another site made the browser send this (CSRF)."""

    status, slug, title = 403, "demande-etrangere", _("Cette demande vient d'un autre site : elle est refusée.")
