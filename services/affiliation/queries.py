"""What one can ask: the employer's offers and follow-up (S1:230-249), the person's journey. One function per screen."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import tuple_

from chassis import openings
from chassis.hold import refuse_while_held
from chassis.labels import _
from chassis.problems import Invalid
from events.affiliation import AffiliationOpened
from services.affiliation import access, rules
from services.affiliation.config import Work
from services.affiliation.errors import MOST_TOLD, ExportTooLarge
from services.affiliation.lifecycle import LABELS, OPENINGS, possible
from services.affiliation.models import Affiliation, Contract, Move
from services.affiliation.rules import Bulletin, Examined, Form

COLUMNS = (
    ("siren", "Siren"),
    ("siret", "Siret"),
    ("establishment", "Etablissement"),
    ("employee", "Prénom Nom"),
    ("medium_label", "Média"),
    ("status_label", "Statut"),
    ("date_label", "Date"),
    ("actions", "Actions"),
)
"""The follow-up's header word for word (S1:238), each with the key of what stands under it."""
EXPORTED = COLUMNS[:-1]
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
MOST_EXPORTED = 20_000
NARROW_DOWN = _("Ce fichier dépasserait {most} lignes : choisissez un établissement, un statut ou un média.")
MEDIA = {"email": _("Email"), "post": _("Courrier postal"), "sms": _("SMS")}
"""As the guide writes them (S1:239-242)."""
VIA = {"online": _("En ligne"), "paper": _("Par papier")}
"""How a finalised form came back (S1:246)."""
MOVED_BY = {"employer": _("Entreprise"), "applicant": _("Salarié"), "caseworker": _("Gestionnaire"), "system": _("Délai dépassé")}
BAD_CURSOR = _("Cette page n'existe plus : revenez à la première.")


def offers(work: Work) -> list[dict[str, Any]]:
    """What the employer can affiliate to: for each of her companies, its establishments and contracts."""
    establishments = work.session.scalars(access.visible_establishments(work.actor)).all()
    contracts = work.session.scalars(access.visible_contracts(work.actor)).all()
    sirens = {one.siren for one in establishments} | {one.siren for one in contracts}
    return [
        {
            "siren": siren,
            "establishments": [one for one in establishments if one.siren == siren],
            "contracts": [one for one in contracts if one.siren == siren],
        }
        for siren in sorted(sirens)
    ]


def follow_up(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the follow-up, the latest status first. ``asked`` is a loaded ``FollowUpQuery``."""
    query = _narrowed(work, asked)
    place = tuple_(Affiliation.status_at, Affiliation.id)
    if asked["after"]:
        query = query.where(place < tuple_(*_place(asked["after"])))
    found = work.session.scalars(query.order_by(Affiliation.status_at.desc(), Affiliation.id.desc()).limit(asked["limit"] + 1)).all()
    page, more = found[: asked["limit"]], len(found) > asked["limit"]
    return {"columns": columns(), "items": [row(work, one) for one in page], "next": _cursor(page[-1]) if more else None}


def export(work: Work, asked: dict[str, Any]) -> list[list[str]]:
    """The follow-up as a file: its columns but the buttons, the latest status first; leaves an audit line.

    Raises ``Held`` or ``ExportTooLarge``.
    """
    refuse_while_held(work)
    query = _narrowed(work, asked).order_by(Affiliation.status_at.desc(), Affiliation.id.desc())
    found = work.session.scalars(query.limit(MOST_EXPORTED + 1)).all()
    if len(found) > MOST_EXPORTED:
        raise ExportTooLarge(NARROW_DOWN.format(most=MOST_EXPORTED))
    work.audit("affiliation.exported", f"account:{work.actor.account_id}", rows=len(found))
    _tell_listed(work, asked, found)
    lines = (row(work, one) for one in found)
    return [[str(line[key]) for key, _label in EXPORTED] for line in lines]


def _tell_listed(work: Work, asked: dict[str, Any], found: Sequence[Affiliation]) -> None:
    """One word for all who stand in a file, brand by brand: a caseworker's holds those of several."""
    for brand in {one.brand for one in found}:
        sirens = sorted({one.siren for one in found if one.brand == brand})
        openings.told(work.for_brand(brand), AffiliationOpened, f"siret:{asked.get('siret') or '*'}", "affiliations", *sirens)


def _narrowed(work: Work, asked: dict[str, Any]) -> Any:
    query = access.visible_affiliations(work.actor)
    for name in ("siren", "siret", "status", "medium"):
        if asked.get(name):
            query = query.where(getattr(Affiliation, name) == asked[name])
    return query.where(access.named(asked["name"])) if asked.get("name") else query


def columns() -> list[dict[str, str]]:
    """The follow-up's header."""
    return [{"key": key, "label": label} for key, label in COLUMNS]


def row(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """A line of the follow-up, with the buttons this actor gets."""
    return {
        "id": affiliation.id,
        "siren": affiliation.siren,
        "siret": affiliation.siret,
        "establishment": affiliation.establishment_name,
        "employee": f"{affiliation.first_name} {affiliation.last_name}",
        "first_name": affiliation.first_name,
        "last_name": affiliation.last_name,
        "contract_reference": affiliation.contract_reference,
        "contract_label": affiliation.contract_label,
        "professional_status": affiliation.professional_status,
        "starts_on": affiliation.starts_on,
        "medium": affiliation.medium,
        "medium_label": MEDIA[affiliation.medium],
        "status": affiliation.status,
        "status_label": affiliation.status.label,
        "date": affiliation.status_on,
        "date_label": f"{affiliation.status_on:%d/%m/%Y}",
        "expires_at": affiliation.expires_at if affiliation.awaits_somebody else None,
        "via": affiliation.via,
        "via_label": VIA[affiliation.via] if affiliation.via else None,
        "remind_at": affiliation.remind_at if affiliation.awaits_somebody else None,
        "paused_until": affiliation.paused_until if affiliation.awaits_somebody else None,
        "undelivered": affiliation.awaits_somebody and affiliation.undelivered_at is not None,
        "restarts": affiliation.restarts,
        "actions": actions(work, affiliation),
    }


def actions(work: Work, affiliation: Affiliation) -> list[dict[str, str]]:
    """The verbs that are open to this actor, as buttons."""
    kept = (*access.kept_verbs(work, affiliation), affiliation.idle_verb)
    return [{"verb": line.verb, "label": line.label} for line in possible(affiliation.status, work.actor.kind, but=kept)]


def detail(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """One line, with its dated history and what was handed over to the person."""
    history = [_move(move) for move in access.moves(work, affiliation)]
    notices = [
        {"channel": one.channel, "channel_label": MEDIA[one.channel], "template": one.template, "at": one.handed_over_at}
        for one in access.notices(work, affiliation)
    ]
    return {**row(work, affiliation), "history": history, "notices": notices}


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
        code=f"AFF1:{affiliation.id}",
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
        code=f"PRE1:{place.siret}",
        known=[
            (_("Établissement"), f"{place.name} ({place.siret})"),
            *((_("Contrat"), f"{one.label} ({one.reference})") for one in contracts[:MOST_LISTED]),
        ],
        asked=NEWCOMER,
        return_address=", ".join(work.brand.own.return_address),
    )


def created(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """A new line, with what looks like a duplicate: said, not refused."""
    warnings = [
        {"affiliation_id": twin.id, "message": rules.twin_sentence(twin.contract_label, twin.status.label, twin.status_on)}
        for twin in access.twins(work, affiliation)
    ]
    return {**row(work, affiliation), "warnings": warnings}


def checked(examined: Examined) -> dict[str, Any]:
    """What is said of one declaration while it is typed."""
    return {"errors": [flaw for _line, flaw in examined.flaws], "warnings": [said for _line, said in examined.warnings]}


def report(examined: Examined, taken: int) -> dict[str, Any]:
    """What is said of a file, line by line: the first flaws, and how many more."""
    told = examined.flaws[:MOST_TOLD]
    return {
        "lines": examined.lines,
        "taken": taken,
        "errors": [{"line": line, **flaw} for line, flaw in told],
        "more": len(examined.flaws) - len(told),
        "warnings": [{"line": line, "message": said} for line, said in examined.warnings[:MOST_TOLD]],
    }


def journey(work: Work, affiliation: Affiliation) -> dict[str, Any]:
    """The person's own screen: the form as far as it is known, the pieces it asks for, what can be done."""
    draft, brand = access.draft(work, affiliation), work.brand.own
    form = (draft.form if draft else Form()).over(_shown(affiliation))
    pieces = rules.pieces(form, brand.pieces, access.documents(work, affiliation), brand.adult_age, work.today)
    return {
        "affiliation": row(work, affiliation),
        "draft": asdict(form),
        "version": draft.version if draft else 0,
        "saved_at": draft.saved_at if draft else None,
        "required": list(brand.required),
        "pieces": [{**asdict(piece), "state_label": piece.state.label} for piece in pieces],
        "openings": list(OPENINGS[affiliation.status]),
        "actions": actions(work, affiliation),
    }


def _shown(affiliation: Affiliation) -> Form:
    """What the employer declared and the person may find filled in. Not the NIR: a link may have reached somebody else."""
    names = ("first_name", "last_name", "birth_on", "address", "email")
    return Form(**{name: getattr(affiliation, name) for name in names})


def _move(move: Move) -> dict[str, Any]:
    return {
        "verb": move.verb,
        "verb_label": LABELS[move.verb],
        "status": move.reached,
        "status_label": move.reached.label,
        "at": move.at,
        "date": move.moved_on,
        "date_label": f"{move.moved_on:%d/%m/%Y}",
        "by": move.by,
        "by_label": MOVED_BY[move.by],
        "medium": move.medium,
        "medium_label": MEDIA[move.medium] if move.medium else None,
        "reason": move.reason,
    }


def _cursor(last: Affiliation) -> str:
    return base64.urlsafe_b64encode(f"{last.status_at.isoformat()} {last.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    """Where a page ended. Raises ``Invalid`` for what :func:`_cursor` did not write."""
    try:
        at, affiliation_id = base64.urlsafe_b64decode(cursor.encode("ascii")).decode().split(" ")
        return datetime.fromisoformat(at), UUID(affiliation_id)
    except (ValueError, binascii.Error) as error:
        raise Invalid.at("after", BAD_CURSOR) from error
