"""The follow-up (S1:230-249): its lines, its pages, its file, one line whole; the paper that waits."""

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, tuple_

from chassis import openings
from chassis.actor import Actor
from chassis.hold import refuse_while_held
from chassis.labels import _
from chassis.problems import Invalid
from events.affiliation import AffiliationOpened
from identifiers import paper
from services.affiliation import access
from services.affiliation.config import Work
from services.affiliation.errors import ExportTooLarge
from services.affiliation.lifecycle import DONE, possible
from services.affiliation.models import Affiliation, Move

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
MOST_EXPORTED = 20_000
NARROW_DOWN = _("Ce fichier dépasserait {most} lignes : choisissez un établissement, un statut ou un média.")
MEDIA = {"email": _("Email"), "post": _("Courrier postal"), "sms": _("SMS")}
"""As the guide writes them (S1:239-242)."""
VIA = {"online": _("En ligne"), "paper": _("Par papier")}
"""How a finalised form came back (S1:246)."""
MOVED_BY = {"employer": _("Entreprise"), "applicant": _("Salarié"), "caseworker": _("Gestionnaire"), "system": _("Délai dépassé")}
BAD_CURSOR = _("Cette page n'existe plus : revenez à la première.")


def follow_up(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the follow-up, the latest status first. ``asked`` is a loaded ``FollowUpQuery`` or ``FollowUpSearch``."""
    query = narrowed(work.actor, asked)
    place = tuple_(Affiliation.status_at, Affiliation.id)
    if asked["after"]:
        query = query.where(place < tuple_(*_place(asked["after"])))
    found = work.session.scalars(query.order_by(Affiliation.status_at.desc(), Affiliation.id.desc()).limit(asked["limit"] + 1)).all()
    page, more = found[: asked["limit"]], len(found) > asked["limit"]
    return {"columns": columns(), "items": [row(work, one) for one in page], "next": _cursor(page[-1]) if more else None}


def export(work: Work, asked: dict[str, Any]) -> list[list[str]]:
    """The follow-up as a file, the latest status first; leaves an audit line. Under « Actions », what is possible now.

    Raises ``Held`` or ``ExportTooLarge``.
    """
    refuse_while_held(work)
    query = narrowed(work.actor, asked).order_by(Affiliation.status_at.desc(), Affiliation.id.desc())
    found = work.session.scalars(query.limit(MOST_EXPORTED + 1)).all()
    if len(found) > MOST_EXPORTED:
        raise ExportTooLarge(NARROW_DOWN.format(most=MOST_EXPORTED))
    work.audit("affiliation.exported", f"account:{work.actor.account_id}", rows=len(found))
    _tell_listed(work, asked, found)
    return [_exported(row(work, one)) for one in found]


def _exported(line: dict[str, Any]) -> list[str]:
    told = line | {"actions": ", ".join(action["label"] for action in line["actions"])}
    return [str(told[key]) for key, _label in COLUMNS]


def papers(work: Work, asked: dict[str, Any]) -> dict[str, Any]:
    """The paper bulletins that wait to be registered, the longest waiting first."""
    found = access.papers(work, asked["after"], asked["limit"] + 1)
    page = [
        {"document_id": one.id, "state": one.state, "state_label": one.state.label, "affiliation": row(work, of)}
        for one, of in found[: asked["limit"]]
    ]
    return {"items": page, "next": page[-1]["document_id"] if len(found) > asked["limit"] else None}


def _tell_listed(work: Work, asked: dict[str, Any], found: Sequence[Affiliation]) -> None:
    """One word for all who stand in a file, brand by brand: a caseworker's holds those of several."""
    for brand in {one.brand for one in found}:
        sirens = sorted({one.siren for one in found if one.brand == brand})
        openings.told(work.for_brand(brand), AffiliationOpened, f"siret:{asked.get('siret') or '*'}", "affiliations", *sirens)


def narrowed(actor: Actor, asked: dict[str, Any]) -> Select[Affiliation]:
    """The affiliations that an actor sees, kept to what was asked."""
    query = access.visible_affiliations(actor)
    for name in ("siren", "siret", "status", "medium"):
        if asked.get(name):
            query = query.where(getattr(Affiliation, name) == asked[name])
    return query.where(*(narrow(asked[name]) for name, narrow in NARROWING.items() if asked.get(name)))


NARROWING: Mapping[str, Callable[[Any], ColumnElement[bool]]] = {
    "name": access.named,
    "code": access.coded,
    "from_on": lambda day: Affiliation.status_on >= day,
    "to_on": lambda day: Affiliation.status_on <= day,
}
"""The filters that are more than « this column is that word »."""


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
        "code": paper.code(affiliation.id),
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


def _move(move: Move) -> dict[str, Any]:
    return {
        "verb": move.verb,
        "verb_label": DONE[move.verb],
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
