"""How an employer's list may be ordered, who decided of somebody's rights, and what can be done next from an employee's page."""

from chassis.labels import _

SORTS = {"name": _("Assuré"), "start": _("Date d'effet"), "end": _("Date de fin"), "establishment": _("Établissement")}
"""The columns that a list is ordered by, a « - » before one for the other direction."""
DESCENDING = "-"
ORDERS = (*SORTS, *(DESCENDING + sort for sort in SORTS))

DECIDERS = {
    "affiliation": _("Le bulletin d'affiliation du salarié"),
    "dsn": _("La paie de l'entreprise (DSN)"),
    "employer": _("L'entreprise, dans son espace"),
    "caseworker": _("Un conseiller"),
    "member": _("Le salarié, dans son espace"),
}
"""By the source of a decision, who took it."""

COVERED = {
    "transmit": _("Transmettre des documents pour mon salarié"),
    "ask": _("Poser une question sur ses droits"),
}
ENDED = {"ask": COVERED["ask"], "affiliate": _("Affilier à nouveau")}
"""By verb, what leads on from an employee's page (S1:287, S1:340-342); what moves the rights themselves is another list."""


def next_steps(*, ended: bool) -> dict[str, str]:
    """What an employer may go on with, about somebody covered or not any more."""
    return ENDED if ended else COVERED
