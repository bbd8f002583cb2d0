"""The mailbox as people and caseworkers read it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from chassis.labels import _
from services.messaging import access
from services.messaging.config import MessagingWork, Motif
from services.messaging.errors import unknown_company
from services.messaging.models import Message, Thread

STATE_LABELS = {"asked": _("En attente de réponse"), "answered": _("Répondu"), "closed": _("Clos")}
OTHERS = {"member": _("L'assuré"), "employer": _("L'entreprise"), "caseworker": _("Votre conseiller")}
"""How an author who is not the reader is called: never by a colleague's name."""
REPLY = _("Un e-mail vous annonce la réponse ; elle se lit dans votre espace.")
DELAY = _("Réponse sous {days} jours ouvrés.")
LATE = _("Nous avons pris du retard : vous deviez recevoir une réponse avant le {day:%d/%m/%Y}.")
PROMISED = _("Réponse attendue au plus tard le {day:%d/%m/%Y}.")


def motifs(work: MessagingWork, company: str | None) -> dict[str, Any]:
    """What one may write about here, by group, each with what does it at once for a company, or for any of one's own (S1:327-340)."""
    own = access.brand(work, work.brand_key).own
    if company is not None and company not in work.actor.grants:
        raise unknown_company()
    payrolls = access.payrolls(work, [company] if company else work.actor.grants)
    here = [motif for motif in own.motifs if motif.space == work.actor.space]
    groups = dict.fromkeys(motif.group for motif in here)
    return {
        "reply": REPLY,
        "most_documents": own.most_documents,
        "items": [{"group": group, "motifs": [_motif(one, payrolls) for one in here if one.group == group]} for group in groups],
    }


def _motif(motif: Motif, payrolls: set[bool]) -> dict[str, Any]:
    shown = ("key", "label", "days", "about_employee")
    offers = [offer for offer in motif.offers if offer.payroll == "any" or (offer.payroll == "dsn") in payrolls]
    return {name: getattr(motif, name) for name in shown} | {"delay": DELAY.format(days=motif.days), "offers": offers}


def threads(work: MessagingWork, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of conversations, the newest first, and how many a person has not read; a caseworker counts none."""
    query = access.visible_threads(work.actor)
    unread = query.with_only_columns(func.count()).where(Thread.read_at.is_(None))
    if asked["state"]:
        query = query.where(Thread.state == asked["state"])
    if asked["after"]:
        query = query.where(Thread.id < asked["after"])
    found = work.session.scalars(query.order_by(Thread.id.desc()).limit(asked["limit"] + 1)).all()
    page = found[: asked["limit"]]
    return {
        "items": lines(work, page),
        "next": page[-1].id if len(found) > len(page) else None,
        "unread": work.session.scalar(unread) if work.actor.kind != "caseworker" else 0,
    }


def lines(work: MessagingWork, page: Sequence[Thread]) -> list[dict[str, Any]]:
    """Conversations in a list, with the employees they are about."""
    names = access.employee_names(work, [(one.employee, one.company) for one in page if one.employee and one.company])
    return [_line(one, names.get((one.employee or "", one.company or "")), work.today) for one in page]


def _line(thread: Thread, employee: str | None, today: date) -> dict[str, Any]:
    promise = LATE if today > thread.expected_on else PROMISED
    return {
        "id": thread.id,
        "motif": thread.motif,
        "motif_label": thread.motif_label,
        "object": thread.object,
        "company": thread.company,
        "employee": employee,
        "about": thread.employee,
        "state": thread.state,
        "state_label": STATE_LABELS[thread.state],
        "opened_at": thread.opened_at,
        "last_at": thread.last_at,
        "read": thread.read_at is not None,
        "promise": promise.format(day=thread.expected_on) if thread.state == "asked" else None,
    }


def detail(work: MessagingWork, thread: Thread) -> dict[str, Any]:
    """One conversation with its messages."""
    [shown] = lines(work, [thread])
    return shown | {"messages": [_message(work, one) for one in access.messages(work, thread)]}


def _message(work: MessagingWork, message: Message) -> dict[str, Any]:
    mine = message.account_id is not None and message.account_id == work.actor.account_id
    return {
        "id": message.id,
        "author": message.author,
        "author_label": _("Vous") if mine else OTHERS[message.author],
        "text": message.text,
        "documents": message.documents,
        "at": message.at,
    }
