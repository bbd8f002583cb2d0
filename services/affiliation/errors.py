"""What an affiliation can be refused for: status, public slug, French title."""

from collections.abc import Sequence

from chassis.labels import _
from chassis.problems import Refusal

RELOAD = _("Rechargez la page pour retrouver la dernière version, puis enregistrez à nouveau vos changements.")
SAVED_ELSEWHERE = _("Une autre valeur a été enregistrée depuis un autre appareil : choisissez laquelle garder.")
MOST_TOLD = 200
"""Flaws that a refused file tells; the rest is counted."""


class ForbiddenTransition(Refusal):
    """The state of the affiliation does not allow this; the detail names both, as people read them."""

    status, slug, title = 409, "action-impossible", _("Cette action n'est pas possible à cette étape de l'affiliation.")


class AlreadyAffiliated(Refusal):
    """One live affiliation per person, contract and period (architecture §8), said by the database."""

    status, slug, title = 409, "affiliation-en-cours", _("Une affiliation existe déjà pour ce salarié et ce contrat.")


class DraftChanged(Refusal):
    """Another device has saved some of these values otherwise since this one read them: nothing was taken. ``version`` is where the draft
    stands now, ``errors`` lists the values: ``{"field", "message"}``."""

    status, slug, title = 409, "brouillon-modifie", _("Votre brouillon a été modifié depuis un autre appareil.")

    @classmethod
    def of(cls, version: int, names: Sequence[str]) -> "DraftChanged":
        return cls(RELOAD, version=version, errors=[{"field": name, "message": SAVED_ELSEWHERE} for name in names])


class IncompleteForm(Refusal):
    """``errors`` lists what is missing or does not hold together: ``{"field": "dotted.path", "message": "sentence"}``."""

    status, slug, title = 409, "formulaire-incomplet", _("Votre bulletin d'affiliation est à compléter avant d'être envoyé.")


class PiecesMissing(Refusal):
    """``errors`` lists the pieces that are not here yet: ``{"field": "pieces.<kind>", "message": "sentence"}``."""

    status, slug, title = 409, "pieces-manquantes", _("Il manque des pièces justificatives à votre affiliation.")


class TooSoonToRelaunch(Refusal):
    """The employee was reminded a short while ago. ``possible_at`` is the instant of the next possible reminder."""

    status, slug, title = 409, "relance-trop-tot", _("Ce salarié vient d'être relancé.")


class NoRelaunchLeft(Refusal):
    """The brand's number of reminders is used up (S1:249 gives none: too many would be harassment)."""

    status, slug, title = 409, "relances-epuisees", _("Ce salarié a déjà reçu toutes les relances possibles.")


class AbandonReserved(Refusal):
    """The brand does not let an employer interrupt a journey: the guide does not say who may (S1:247)."""

    status, slug, title = 409, "abandon-reserve", _("Cette affiliation ne peut pas être abandonnée depuis votre espace.")


class UnreadableFile(Refusal):
    """Not a sheet that can be read, or not the columns of the template; the detail says which."""

    status, slug, title = 422, "liste-illisible", _("Ce fichier ne peut pas être lu.")


class FileRefused(Refusal):
    """``errors`` lists ``{"line", "field", "message"}``, the first two hundred; ``more`` counts the rest. Nothing of the file was taken."""

    status, slug, title = 422, "lignes-a-corriger", _("Des lignes du fichier sont à corriger : rien n'a été pris.")

    @classmethod
    def of(cls, flaws: Sequence[tuple[int, dict[str, str]]]) -> "FileRefused":
        errors = [{"line": line, **flaw} for line, flaw in flaws[:MOST_TOLD]]
        return cls(errors=errors, more=len(flaws) - len(errors))


class ExportTooLarge(Refusal):
    status, slug, title = 409, "export-trop-volumineux", _("Cet export est trop volumineux : choisissez un établissement.")
