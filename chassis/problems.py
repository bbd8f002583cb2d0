"""Refusals and how they are told: RFC 9457 problem documents, in French, with a stable type."""

from typing import Any, ClassVar

from flask import Response
from msgspec import json

from chassis.labels import _

PROBLEM_JSON = "application/problem+json"


class Refusal(Exception):
    """What cannot be done, and why. A service subclasses it once per reason, in its ``errors`` room.

    ``slug`` is stable and public: the problem type is ``/problemes/<slug>``. ``keeps`` says that what the action wrote before refusing
    stays written (a counted wrong try). ``extra`` fields are told beside the sentence; none may be personal.
    """

    status: ClassVar[int] = 409
    slug: ClassVar[str] = "refus"
    title: ClassVar[str] = "Cette action n'est pas possible."
    keeps: ClassVar[bool] = False

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.extra = extra


class NotFound(Refusal):
    """Missing, or not yours: the same answer, byte for byte."""

    status, slug, title = 404, "introuvable", _("Cet élément est introuvable.")


class Unauthenticated(Refusal):
    status, slug, title = 401, "connexion-requise", _("Connectez-vous pour continuer.")


class Forbidden(Refusal):
    status, slug, title = 403, "acces-refuse", _("Votre profil ne permet pas cette action.")


class Invalid(Refusal):
    """A payload that cannot be read. ``errors`` lists ``{"field": "dotted.path", "message": "sentence"}``."""

    status, slug, title = 422, "donnees-invalides", _("Certaines informations sont à corriger.")

    @classmethod
    def at(cls, field: str, message: str) -> "Invalid":
        """One thing is wrong, at one place."""
        return cls(errors=[{"field": field, "message": message}])


class TooMany(Refusal):
    """A limit is reached; ``retry_after`` says, in seconds, how long it holds."""

    status, slug, title = 429, "trop-de-demandes", _("Trop de demandes. Patientez avant de réessayer.")

    def __init__(self, detail: str | None = None, **extra: Any) -> None:
        if detail is None and "retry_after" in extra:
            detail = _("Réessayez dans {delay}.").format(delay=_delay(extra["retry_after"]))
        super().__init__(detail, **extra)


class Busy(Refusal):
    status, slug, title = 409, "demande-en-cours", _("La même demande est déjà en cours de traitement.")


class Unavailable(Refusal):
    status, slug, title = 503, "service-indisponible", _("Le service est momentanément indisponible. Réessayez dans un instant.")


DELAYS = ((5_400, 3_600, _("{} heures")), (90, 60, _("{} minutes")), (0, 1, _("{} secondes")))
"""From how many seconds on a delay is said in which unit, rounded up."""


def _delay(seconds: int) -> str:
    unit, words = next((unit, words) for least, unit, words in DELAYS if seconds >= least)
    return words.format(-(-seconds // unit))


HTTP_TITLES = {
    400: ("requete-illisible", _("La requête est illisible.")),
    401: ("connexion-requise", _("Connectez-vous pour continuer.")),
    403: ("acces-refuse", _("Votre profil ne permet pas cette action.")),
    404: ("introuvable", _("Cet élément est introuvable.")),
    405: ("methode-refusee", _("Cette méthode n'est pas acceptée ici.")),
    406: ("format-non-propose", _("Ce format de réponse n'est pas proposé.")),
    413: ("trop-volumineux", _("L'envoi est trop volumineux.")),
    415: ("format-refuse", _("Ce format d'envoi n'est pas accepté.")),
    422: ("donnees-invalides", _("Certaines informations sont à corriger.")),
    429: ("trop-de-demandes", _("Trop de demandes. Patientez avant de réessayer.")),
    500: ("erreur-interne", _("Une erreur interne est survenue. Rien n'a été enregistré.")),
    503: ("service-indisponible", _("Le service est momentanément indisponible. Réessayez dans un instant.")),
}
"""Slug and sentence for what HTTP itself refuses."""
UNTOLD = _("Cette demande ne peut pas être traitée.")


def problem(status: int, slug: str, title: str, detail: str | None = None, **extra: Any) -> Response:
    """The problem document as an HTTP answer."""
    body = {"type": f"/problemes/{slug}", "title": title, "status": status, **extra}
    if detail and detail != title:
        body["detail"] = detail
    answer = Response(json.encode(body), status=status, content_type=PROBLEM_JSON)
    if status in (429, 503):
        answer.headers["Retry-After"] = str(extra.get("retry_after", 2))
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def from_refusal(refusal: Refusal) -> Response:
    return problem(refusal.status, refusal.slug, str(refusal.title), refusal.detail, **refusal.extra)


def from_status(status: int, **extra: Any) -> Response:
    """The answer for a bare HTTP status, whatever raised it."""
    return problem(status, *named(status), **extra)


def named(status: int) -> tuple[str, str]:
    """Slug and sentence of a bare HTTP status."""
    return HTTP_TITLES.get(status, (f"http-{status}", UNTOLD))
