"""Why rights stand where they stand, as one plain French sentence for the person and the employer."""

from datetime import date

from chassis.labels import _
from events.dsn import Radiation
from services.members.rules.motives import Motive, Outcome

AWAITING = {
    Outcome.PRESUMED: _(
        "Fin de contrat le {ended_on} ({why}). La couverture peut continuer gratuitement pendant {length}, "
        "sur justificatif d'indemnisation par l'assurance chômage."
    ),
    Outcome.PROOF: _(
        "Fin de contrat le {ended_on} ({why}). La portabilité n'est pas acquise : elle s'ouvre, pour {length} au plus, "
        "seulement si l'assurance chômage indemnise cette fin de contrat ; un justificatif est attendu."
    ),
}
CLOSED = {
    None: _(
        "Fin de contrat le {ended_on} ({why}). La loi exclut la portabilité dans ce cas (article L911-8 du code de la sécurité sociale)."
    ),
    "retirement": _(
        "Fin de contrat le {ended_on} ({why}). Pas de portabilité, mais une couverture individuelle peut être demandée "
        "dans les six mois (article 4 de la loi Évin)."
    ),
    "death": _(
        "Fin de contrat le {ended_on} ({why}). Les ayants droit peuvent demander le maintien de leur couverture (article 4 de la loi Évin)."
    ),
}


def day(value: date) -> str:
    """``30/06/2026``."""
    return f"{value:%d/%m/%Y}"


def opened(starts_on: date) -> str:
    return _("Droits ouverts depuis le {day}.").format(day=day(starts_on))


def taken_back(starts_on: date) -> str:
    return _("La fin de contrat déclarée a été annulée : les droits restent ouverts depuis le {day}.").format(day=day(starts_on))


def kept(end: Radiation) -> str:
    """The payroll says that the affiliation is maintained (62.016)."""
    return _("Fin de contrat annoncée pour le {day}, affiliation maintenue par l'employeur : la couverture continue.").format(
        day=day(end.ended_on)
    )


def cover_ended(ended_on: date) -> str:
    return _("Fin de l'affiliation au contrat le {day}, sans fin de contrat de travail : pas de portabilité.").format(day=day(ended_on))


def closed(end: Radiation, why: Motive) -> str:
    return CLOSED[why.duty].format(ended_on=day(end.ended_on), why=_why(end, why))


def awaiting(end: Radiation, why: Motive, months: int) -> str:
    return AWAITING[why.outcome].format(ended_on=day(end.ended_on), why=_why(end, why), length=_("{months} mois").format(months=months))


def granted(last_day: date) -> str:
    return _("Portabilité accordée jusqu'au {day}, justificatif reçu.").format(day=day(last_day))


def lapsed(last_day: date) -> str:
    return _("La portabilité est arrivée à son terme le {day}.").format(day=day(last_day))


def _why(end: Radiation, why: Motive) -> str:
    return f"{why.label}, motif {end.motive}" if end.motive else why.label
