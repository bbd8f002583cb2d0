"""Sensitive acts wait a day after the way into an account has changed: whoever stole a mailbox or a telephone gains nothing at once.

The signed identity says until when (``Actor.held_until``); an action that is sensitive asks here, and nowhere else.
"""

from datetime import datetime
from typing import Any

from chassis.labels import _
from chassis.problems import Refusal
from chassis.work import PARIS, Work

WHY = _(
    "Un moyen d'accès à votre compte (e-mail, téléphone ou mot de passe) vient de changer. Par sécurité, cette action sera possible"
    " à partir du {until}. Vous n'êtes pas à l'origine de ce changement ? Appelez-nous sans attendre."
)


class Held(Refusal):
    """Too soon after a change of e-mail, phone or password. ``until`` says when the act becomes possible (ISO 8601)."""

    status, slug, title = 423, "action-en-attente", _("Cette action sera possible plus tard, par sécurité.")


def refuse_while_held(work: Work[Any]) -> None:
    """Stop a sensitive act of whoever changed the way into their account less than a day ago. Raises :class:`Held`."""
    until = work.actor.held_until
    if until is not None and until > work.now:
        raise Held(WHY.format(until=_told(until)), until=until.isoformat())


def still(until: datetime | None, now: datetime) -> datetime | None:
    """Until when acts wait, ``None`` once they no longer do."""
    return until if until is not None and until > now else None


def _told(until: datetime) -> str:
    """« 23/11/2026 à 14h05 », in Paris."""
    return f"{until.astimezone(PARIS):%d/%m/%Y à %Hh%M}"
