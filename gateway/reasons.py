"""The pages behind problem types, ``/problemes/<slug>``: what was refused and what to do about it."""

import importlib
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from flask import Blueprint, abort, render_template

from chassis import idempotency
from chassis.labels import _
from chassis.problems import HTTP_TITLES, Refusal
from gateway.house import house

door = Blueprint("reasons", __name__)

ROOMS = (idempotency.__name__, "gateway.feed", "gateway.errors")
"""Modules outside the services that define refusals."""

ADVICE = {  # one text for each status: true of every refusal that answers it
    400: _("Vérifiez la forme de l'appel : un corps JSON complet, des paramètres à leur place."),
    401: _("Connectez-vous, ou vérifiez ce qui vous identifie. Une session se termine seule après un temps sans activité."),
    403: _("Ce compte, ou cette session, n'a pas ce droit. Reconnectez-vous, ou demandez-le à l'administrateur de votre entreprise."),
    404: _("Vérifiez l'identifiant. Ce qui ne vous appartient pas répond comme ce qui n'existe pas."),
    405: _("Les méthodes acceptées sont dans l'en-tête « Allow » de la réponse."),
    409: _("Cette demande n'est pas possible dans l'état actuel. Corrigez-la ou recommencez l'étape."),
    413: _("Réduisez la taille de l'envoi, puis recommencez."),
    415: _("Envoyez du JSON, ou un formulaire à fichier là où un fichier est attendu."),
    421: _("Utilisez l'un des noms d'hôte que montre la page d'accueil."),
    422: _("Une information est à corriger : le titre de la réponse dit laquelle, ou sa liste « errors », champ par champ."),
    423: _("Attendez l'instant donné par « until », ou appelez-nous si ce changement n'est pas de vous."),
    429: _("Attendez le nombre de secondes donné par l'en-tête « Retry-After »."),
    500: _("Ce n'est pas de votre fait. Rien n'a été enregistré ; l'incident est dans nos journaux."),
    503: _("Réessayez dans un instant : rien n'a été perdu."),
}


class Reason(NamedTuple):
    """One public problem type."""

    slug: str
    status: int
    title: str

    @property
    def advice(self) -> str:
        return ADVICE.get(self.status, "")


def collect(packages: Iterable[str]) -> dict[str, Reason]:
    """Every problem type by its slug: HTTP's own, then each refusal that the ``errors`` room of a service defines."""
    for package in packages:
        with suppress(ModuleNotFoundError):
            importlib.import_module(f"{package}.errors")
    for room in ROOMS:
        importlib.import_module(room)
    found = {slug: Reason(slug, status, title) for status, (slug, title) in HTTP_TITLES.items()}
    known = (*packages, "chassis", "gateway")
    return found | {kind.slug: Reason(kind.slug, kind.status, kind.title) for kind in _all(Refusal) if kind.__module__.startswith(known)}


def defined(package: str) -> list[type[Refusal]]:
    """The refusals that one module defines."""
    importlib.import_module(package)
    return [kind for kind in _all(Refusal) if kind.__module__ == package]


def _all(kind: type[Refusal]) -> list[type[Refusal]]:
    return [kind, *(each for child in kind.__subclasses__() for each in _all(child))]


@cache
def _known(packages: tuple[str, ...]) -> dict[str, Reason]:
    return collect(packages)


def _reasons() -> dict[str, Reason]:
    return _known(tuple(service.package for service in house().services.values()))


@door.get("/problemes/")
def every_reason() -> str:
    """All of them, by status."""
    return render_template("reasons.html", reasons=sorted(_reasons().values(), key=lambda reason: (reason.status, reason.title)))


@door.get("/problemes/<slug>")
def one_reason(slug: str) -> str:
    """One of them; a slug that nobody uses is a page that is not there."""
    reason = _reasons().get(slug)
    if reason is None:
        abort(404)
    return render_template("reason.html", reason=reason)
