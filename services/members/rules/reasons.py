"""Why rights stand where they stand, as one plain French sentence for the person and the employer."""

from datetime import date

from chassis.labels import _
from events.dsn import Radiation
from services.members.lifecycle import Halt
from services.members.rules.motives import Motive, Outcome

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre")

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

HALTED = {
    Halt.BENEFIT_ENDED: _("La portabilité a pris fin le {day} : l'indemnisation par l'assurance chômage s'est arrêtée."),
    Halt.PROOF_MISSING: _("La portabilité a pris fin le {day} : le justificatif d'indemnisation demandé n'a pas été reçu."),
}


def day(value: date) -> str:
    """``30/06/2026``."""
    return f"{value:%d/%m/%Y}"


def month(value: date) -> str:
    """``juin 2026``."""
    return f"{MONTHS[value.month - 1]} {value.year}"


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


def deserted(ended_on: date, since: date) -> str:
    """The establishment declares that the contract covers nobody there (15.004)."""
    sentence = _(
        "L'établissement ne déclare plus aucun salarié couvert par ce contrat depuis {month} : fin de l'affiliation le {day}, "
        "sans fin de contrat de travail, donc pas de portabilité."
    )
    return sentence.format(month=month(since), day=day(ended_on))


def taken_over(ended_on: date) -> str:
    return _("Une nouvelle affiliation au même contrat prend la suite : celle-ci s'arrête le {day}.").format(day=day(ended_on))


def without_guarantees(end: Radiation, why: Motive) -> str:
    sentence = _(
        "Fin de contrat le {ended_on} ({why}). Pas de portabilité : le contrat collectif n'était pas encore en vigueur dans l'entreprise."
    )
    return sentence.format(ended_on=day(end.ended_on), why=_why(end, why))


def without_interval(end: Radiation, why: Motive) -> str:
    """Another cover begins on the day after. It may be another employer's: the former one is not told."""
    sentence = _("Fin de contrat le {ended_on} ({why}). Pas de portabilité : ses conditions ne sont pas réunies.")
    return sentence.format(ended_on=day(end.ended_on), why=_why(end, why))


def closed(end: Radiation, why: Motive) -> str:
    return CLOSED[why.duty].format(ended_on=day(end.ended_on), why=_why(end, why))


def awaiting(end: Radiation, why: Motive, months: int) -> str:
    return AWAITING[why.outcome].format(ended_on=day(end.ended_on), why=_why(end, why), length=_("{months} mois").format(months=months))


def granted(last_day: date) -> str:
    return _("Portabilité accordée jusqu'au {day}, justificatif reçu.").format(day=day(last_day))


def lapsed(last_day: date) -> str:
    return _("La portabilité est arrivée à son terme le {day}.").format(day=day(last_day))


def halted(last_day: date, why: Halt) -> str:
    return HALTED[why].format(day=day(last_day))


def _why(end: Radiation, why: Motive) -> str:
    return f"{why.label}, motif {end.motive}" if end.motive else why.label
