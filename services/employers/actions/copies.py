"""The part of employers in the copy of somebody's data: the account as known here, and the companies it acts for."""

from chassis.copies import Section, section
from chassis.labels import _
from events.identity import CopyAsked
from services.employers.access import habilitations as access
from services.employers.config import Work

ACCOUNT = {"first_name": _("Prénom"), "last_name": _("Nom"), "email": _("Adresse e-mail")}
HABILITATIONS = {
    "siren": _("Entreprise (SIREN)"),
    "role": _("Profil"),
    "state": _("Situation"),
    "granted_at": _("Depuis le"),
    "ends_on": _("Jusqu'au"),
}


def gather(work: Work, asked: CopyAsked) -> list[Section]:
    """What employers holds of who asks; nothing of a person who is no employer."""
    account = access.account(work, asked.account_id)
    return [
        section("account", _("Votre compte d'entreprise"), ACCOUNT, [account] if account else []),
        section("habilitations", _("Vos habilitations"), HABILITATIONS, access.of_account(work, asked.account_id)),
    ]
