"""Rights that open, change or end, of insured people and of those who act for a company (S1:306-314)."""

import uuid
from datetime import date
from typing import Any

from events.employers import RightGained
from events.fact import opened
from events.members import PortabilityProofDue, RightsChanged, RightsOpened
from services.messaging import access, rules
from services.messaging.actions import changes
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork
from services.messaging.models import Notice

FOLLOW_UP = "follow_up"


def open_rights(work: MessagingWork, fact: RightsOpened) -> None:
    """Cover begins: the person is told, and the company reads it among what changed."""
    about = f"rights:{fact.rights_id}"
    content = {"siret": fact.siret, "contract_label": fact.contract_label, "starts_on": fact.starts_on.isoformat()}
    write(work, Draft(cause=about, recipient=f"person:{fact.person_id}", template="rights_opened", about=about, content=content))
    changes.note_opened(work, fact)


def ask_for_proof(work: MessagingWork, fact: PortabilityProofDue, cause: uuid.UUID) -> None:
    """A portability goes on only while the benefit is proved (CSS L911-8): the person is asked for the next proof."""
    about, content = f"portability:{fact.rights_id}", {"siret": fact.siret, "until": fact.until.isoformat()}
    person = f"person:{fact.person_id}"
    write(work, Draft(cause=str(cause), recipient=person, template="portability_proof_due", about=about, content=content))


def change_rights(work: MessagingWork, fact: RightsChanged, cause: uuid.UUID) -> None:
    """Rights took another state: the person is told, and each account of the company (S1:306-314)."""
    about, person = f"rights:{fact.rights_id}", f"person:{fact.person_id}"
    content = _change(fact)
    before = access.last_told(work, about, person)
    told = before.content if before else None
    if told is not None and told | {"former_end": None} == content:
        return
    content["former_end"] = rules.former_end(content, told)
    variant = rules.variant(fact.status, _variant_of(before))
    changes.note_changed(work, fact, cause, variant, content)
    common: dict[str, Any] = {"cause": str(cause), "about": about, "content": content}
    write(work, Draft(recipient=person, template=f"rights_{variant}", **common))
    _follow_up(work, person, str(cause), about)
    to_company = common | {"content": content | {"employee": access.employee(work, fact.person_id)}}
    for reader in _readers(work, fact.siren):
        template = f"company_rights_{variant}"
        write(work, Draft(recipient=reader, template=template, space="entreprise", company=fact.siren, **to_company))


def tell_of_right(work: MessagingWork, fact: RightGained, cause: uuid.UUID) -> None:
    """Somebody gained a right on a company, or asks for one: the administrators who were there are told (S1:136)."""
    names = [name for name in (opened(fact.first_name), opened(fact.last_name)) if name]
    content = {
        "who": " ".join(names) or None,
        "role": fact.role,
        "pending": fact.pending,
        "company_name": access.place_name(work, fact.siren) or fact.siren,
    }
    about = f"company:{fact.siren}"
    common: dict[str, Any] = {"cause": str(cause), "template": "right_gained", "about": about, "content": content}
    for account_id in fact.administrators:
        write(work, Draft(recipient=f"account:{account_id}", space="entreprise", company=fact.siren, **common))


def _change(fact: RightsChanged) -> dict[str, Any]:
    return {
        "siret": fact.siret,
        "status": fact.status,
        "reason": fact.reason,
        "source": fact.source,
        "ends_on": _iso(fact.ends_on),
        "portability_months": fact.portability_months,
        "portability_ends_on": _iso(fact.portability_ends_on),
        "former_end": None,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _variant_of(notice: Notice | None) -> Any:
    """What a notice said of rights, ``None`` when it told their opening."""
    said = notice.template.removeprefix("rights_") if notice else "opened"
    return None if said == "opened" else said


def _follow_up(work: MessagingWork, person: str, cause: str, about: str) -> None:
    """A short message beside the mail, for who accepts to be followed by SMS (S0:134) and has a phone."""
    reached = access.contact(work, person)
    if reached and reached.phone and access.accepts(work, person, FOLLOW_UP, "sms"):
        write(work, Draft(cause=cause, recipient=person, template=FOLLOW_UP, about=f"follow-up:{about}", channel="sms", content={}))


def _readers(work: MessagingWork, siren: str) -> list[str]:
    """Recipients at a company; the company itself while nobody there has an account: the first who opens one is told."""
    return [f"account:{account_id}" for account_id in access.readers(work, siren)] or [f"company:{siren}"]
