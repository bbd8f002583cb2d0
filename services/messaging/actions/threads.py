"""The mailbox (S0:229-259, S1:321-342): write to the platform, answer, close, mark as read."""

import uuid
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis import openings
from chassis.labels import _
from chassis.problems import Invalid
from events.messaging import ThreadAnswered, ThreadOpened
from services.messaging import access, rules
from services.messaging.config import MessagingWork, Motif
from services.messaging.errors import ThreadClosed, unknown_company
from services.messaging.models import Attachment, Message, Thread

UNKNOWN_MOTIF = _("Choisissez un motif dans la liste.")
NOT_ABOUT = _("Ce motif ne concerne pas un salarié en particulier.")
UNKNOWN_EMPLOYEE = _("Choisissez l'un des salariés de cette entreprise.")
UNKNOWN_DOCUMENT = _("Un document est inconnu, refusé ou pas encore arrivé : envoyez-le, ou réessayez dans un instant.")
TOO_MANY = _("Un message porte {most} documents au plus.")


def open_thread(work: MessagingWork, form: dict[str, Any]) -> Thread:
    """Write to the platform about one of the brand's motives. Raises ``Invalid``. An answer is promised within its working days."""
    motif = _motif(work, form["motif"])
    company = _company(work, form.get("company"))
    thread = Thread(
        owner=work.actor.reference if work.actor.kind == "member" else f"account:{work.actor.account_id}",
        company=company,
        employee=_employee(work, motif, company, form["employee"]),
        brand=work.brand_key,
        space=motif.space,
        motif=motif.key,
        motif_label=motif.label,
        object=form["object"],
        state="asked",
        opened_at=work.now,
        last_at=work.now,
        expected_on=rules.working_day(work.today, motif.days),
        read_at=work.now,
    )
    work.session.add(thread)
    work.session.flush()
    _say(work, thread, form)
    work.audit("thread.opened", f"thread:{thread.id}", motif=motif.key)
    return thread


def reply(work: MessagingWork, thread_id: uuid.UUID, form: dict[str, Any]) -> Thread:
    """Say more in a conversation: the person asks again, or a caseworker answers and the person is told. Raises ``ThreadClosed``."""
    thread = access.thread(work, thread_id, to_change=True)
    if thread.state == "closed":
        raise ThreadClosed
    said = _say(work, thread, form)
    if work.actor.kind == "caseworker":
        thread.state, thread.read_at = "answered", None
        work.for_brand(thread.brand).emit(_answered(thread, said.id))
    else:
        thread.state, thread.expected_on = "asked", _promised(work, thread)
    work.audit("thread.replied", f"thread:{thread.id}", state=thread.state)
    return thread


def close(work: MessagingWork, thread_id: uuid.UUID) -> Thread:
    """End a conversation; ended again, it stays ended."""
    thread = access.thread(work, thread_id, to_change=True)
    if thread.state != "closed":
        thread.state = "closed"
        work.audit("thread.closed", f"thread:{thread.id}")
    return thread


def consult(work: MessagingWork, thread_id: uuid.UUID) -> Thread:
    """One conversation of the actor's, to be read; a caseworker who reads a person's is told to that person. Raises ``NotFound``."""
    thread = access.thread(work, thread_id)
    if work.actor.kind == "caseworker":
        work.audit("thread.read", f"thread:{thread.id}")
    if thread.company is None:
        openings.told(work.for_brand(thread.brand), ThreadOpened, thread.owner, "thread")
    return thread


def mark_read(work: MessagingWork, thread_id: uuid.UUID) -> Thread:
    """The person has read what was answered."""
    thread = access.thread(work, thread_id, to_change=True)
    thread.read_at = thread.read_at or work.now
    return thread


def know_document(work: MessagingWork, document_id: uuid.UUID, owner: str, *, refused: bool) -> None:
    """Keep whose a file is; what was refused stays so."""
    row = insert(Attachment).values(document_id=document_id, owner=owner, refused=refused)
    change = {"refused": Attachment.refused | row.excluded.refused}
    work.session.execute(row.on_conflict_do_update(index_elements=["document_id"], set_=change))


def _say(work: MessagingWork, thread: Thread, form: dict[str, Any]) -> Message:
    message = Message(
        thread_id=thread.id,
        author=work.actor.kind,
        account_id=work.actor.account_id,
        text=form["text"],
        documents=_documents(work, thread, form["documents"]),
        at=work.now,
    )
    thread.last_at = work.now
    work.session.add(message)
    work.session.flush()
    return message


def _answered(thread: Thread, message_id: uuid.UUID) -> ThreadAnswered:
    return ThreadAnswered(
        thread_id=thread.id,
        message_id=message_id,
        owner=thread.owner,
        space=thread.space,
        motif_label=thread.motif_label,
        company=thread.company,
    )


def _documents(work: MessagingWork, thread: Thread, sent: list[uuid.UUID]) -> list[uuid.UUID]:
    """What a message carries (S1:342). Raises ``Invalid``, the same for another's document and for one that does not exist."""
    documents = list(dict.fromkeys(sent))
    most = access.brand(work, thread.brand).own.most_documents
    if len(documents) > most:
        raise Invalid.at("documents", TOO_MANY.format(most=most))
    if documents and access.attachable(work, documents, thread) != set(documents):
        raise Invalid.at("documents", UNKNOWN_DOCUMENT)
    return documents


def _employee(work: MessagingWork, motif: Motif, company: str | None, employee_id: uuid.UUID | None) -> str | None:
    """Whom the conversation is about, among the employees of the company it is written for."""
    if employee_id is None:
        return None
    if company is None or not motif.about_employee:
        raise Invalid.at("employee", NOT_ABOUT)
    found = access.employee_of(work, company, employee_id)
    if found is None:
        raise Invalid.at("employee", UNKNOWN_EMPLOYEE)
    return found.about


def _motif(work: MessagingWork, key: str) -> Motif:
    motif = access.brand(work, work.brand_key).own.motif(work.actor.space, key)
    if motif is None:
        raise Invalid.at("motif", UNKNOWN_MOTIF)
    return motif


def _promised(work: MessagingWork, thread: Thread) -> Any:
    """By when a new question is answered; a motif that left the brand file keeps the promise it had."""
    motif = access.brand(work, thread.brand).own.motif(thread.space, thread.motif)
    return rules.working_day(work.today, motif.days) if motif else thread.expected_on


def _company(work: MessagingWork, siren: str | None) -> str | None:
    """The company an employer writes for: the only one she has, or the one she names."""
    if work.actor.kind != "employer":
        return None
    chosen = siren or (next(iter(work.actor.grants)) if len(work.actor.grants) == 1 else None)
    if chosen not in work.actor.grants:
        raise unknown_company()
    return chosen
