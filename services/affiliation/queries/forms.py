"""The forms on paper (S1:208, S1:216): what is printed on them."""

from chassis.labels import _
from identifiers import paper
from services.affiliation import access
from services.affiliation.config import Work
from services.affiliation.models import Affiliation, Contract
from services.affiliation.rules import Bulletin

BOXES = (
    (_("Date de naissance"), 8),
    (_("Numéro de sécurité sociale"), 15),
    (_("Adresse postale"), 0),
    (_("Adresse e-mail"), 0),
    (_("Téléphone mobile"), 10),
    (_("IBAN"), 27),
)
NEWCOMER = (
    (_("Contrat"), 0),
    (_("Statut professionnel"), 0),
    (_("Date d'effet"), 8),
    (_("Nom"), 0),
    (_("Prénom"), 0),
    *BOXES[:4],
)
"""What the two paper forms ask, with the number of boxes; 0 is one long box."""
MOST_LISTED = 8


def bulletin(work: Work, affiliation: Affiliation) -> Bulletin:
    """The form on paper: what the employer declared, never the person's draft nor her secret (S1:216)."""
    brand = work.for_brand(affiliation.brand).brand.own
    known = {
        _("Établissement"): f"{affiliation.establishment_name} ({affiliation.siret})",
        _("Contrat"): affiliation.contract_label,
        _("Statut professionnel"): affiliation.professional_status,
        _("Affilié(e) à partir du"): f"{affiliation.starts_on:%d/%m/%Y}",
        _("Nom et prénom"): f"{affiliation.last_name} {affiliation.first_name}",
    }
    return Bulletin(
        title=_("Bulletin d'affiliation"),
        family=True,
        symbol=f"AFF1:{affiliation.id}",
        code=paper.code(affiliation.id),
        known=list(known.items()),
        asked=BOXES,
        pieces=[(piece.label, piece.reason) for piece in brand.pieces],
        return_address=", ".join(brand.return_address),
    )


def blank(work: Work, siret: str) -> Bulletin:
    """The pre-affiliation form to fill in by hand for one establishment (S1:208). Raises ``NotFound``."""
    place = access.establishment(work, siret)
    contracts = work.session.scalars(access.visible_contracts(work.actor).where(Contract.siren == place.siren)).all()
    return Bulletin(
        title=_("Pré-affiliation d'un nouveau salarié"),
        symbol=f"PRE1:{place.siret}",
        code=place.siret,
        known=[
            (_("Établissement"), f"{place.name} ({place.siret})"),
            *((_("Contrat"), f"{one.label} ({one.reference})") for one in contracts[:MOST_LISTED]),
        ],
        asked=NEWCOMER,
        return_address=", ".join(work.brand.own.return_address),
    )
