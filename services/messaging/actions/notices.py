"""Write to people: one fact becomes one notice per recipient and channel, however often the fact is told."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from chassis import ids
from events.employers import RightGained
from events.fact import opened
from events.identity import (
    AccountActivated,
    AccountDeleted,
    CodeIssued,
    ContactChanged,
    CopyReady,
    InvitationIssued,
    LinkIssued,
    MobileReplayed,
    PasswordChanged,
    PasswordLinkIssued,
    PhoneEnrolled,
    ProviderTied,
    SecondFactorChanged,
)
from events.members import RightsChanged, RightsOpened
from events.messaging import ThreadAnswered
from services.messaging import access, rules
from services.messaging.config import MessagingWork
from services.messaging.models import Notice

FOLLOW_UP = "follow_up"
OBJECTION_PAGE, PASSWORD_PAGE = "acces/opposition", "acces/mot-de-passe"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A notice before it has a row. Without ``to``, it goes to the address of its recipient's contact."""

    cause: str
    recipient: str
    template: str
    about: str
    content: dict[str, Any]
    channel: rules.Channel = "email"
    space: str = "assure"
    to: str | None = None
    company: str | None = None
    expires_at: datetime | None = None


def issue_code(work: MessagingWork, fact: CodeIssued) -> None:
    """A one-time code, by the channel that the fact names; too late is too late."""
    _write(
        work,
        Draft(
            cause=f"code:{fact.code_id}",
            recipient=f"code:{fact.code_id}",
            template=rules.CODE_TEMPLATES[fact.channel],
            about=f"code:{fact.code_id}",
            channel=fact.channel,
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content={"purpose": fact.purpose, "code": fact.code.value, "expires_at": fact.expires_at.isoformat()},
            expires_at=fact.expires_at,
        ),
    )


def issue_link(work: MessagingWork, fact: LinkIssued) -> None:
    """A personal link to an affiliation form: a mail, a reminder, or a letter (S1:210-216, S1:249)."""
    content = {
        "token": fact.token.value,
        "first_name": fact.first_name.value,
        "last_name": fact.last_name.value,
        "establishment": fact.establishment_name,
        "expires_at": fact.expires_at.isoformat(),
        "reminder": fact.reminder,
    }
    _write(
        work,
        Draft(
            cause=f"link:{fact.link_id}",
            recipient=f"affiliation:{fact.affiliation_id}",
            template=rules.LINK_TEMPLATES[(fact.channel, fact.reminder)],
            about=f"affiliation:{fact.affiliation_id}",
            channel=fact.channel,
            to=fact.to.value,
            content=content,
            expires_at=fact.expires_at,
        ),
    )


def invite(work: MessagingWork, fact: InvitationIssued) -> None:
    """A link for somebody invited, to companies (S1:141) or as a caseworker; each sending is a mail of its own."""
    content = {
        "page": rules.INVITATION_PAGE,
        "token": fact.token.value,
        "first_name": fact.first_name.value,
        "company_names": list(fact.company_names),
        "others": fact.companies - len(fact.company_names),
        "inviter": opened(fact.inviter),
        "expires_at": fact.expires_at.isoformat(),
    }
    _write(
        work,
        Draft(
            cause=f"invitation:{fact.invitation_id}:{fact.issued_at.isoformat()}",
            recipient=f"invitation:{fact.invitation_id}",
            template=rules.INVITATION_TEMPLATES[fact.kind],
            about=f"invitation:{fact.invitation_id}",
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content=content,
            expires_at=fact.expires_at,
        ),
    )


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
        _write(work, Draft(recipient=f"account:{account_id}", space="entreprise", company=fact.siren, **common))


def welcome(work: MessagingWork, fact: AccountActivated, recipient: str) -> None:
    """The account is open (S0:62-100, S1:57-90). Who came with a link, or was invited by us, needs no welcome."""
    if fact.kind not in rules.WELCOMED:
        return
    space = rules.space_of(fact.kind)
    about = f"account:{fact.account_id}"
    _write(work, Draft(cause=about, recipient=recipient, template="welcome", about=about, space=space, content={"kind": fact.kind}))


def warn_of_phone(work: MessagingWork, fact: PhoneEnrolled) -> None:
    """A phone became the second factor: the older channel is told, so that nobody does it unseen."""
    _write(
        work,
        Draft(
            cause=f"phone:{fact.account_id}:{fact.hold_until.isoformat()}",
            recipient=fact.reference,
            template="phone_enrolled",
            about=f"account:{fact.account_id}",
            space=rules.space_of(fact.kind),
            to=fact.email.value,
            content={"phone": fact.phone.value},
        ),
    )


def warn_of_copy(work: MessagingWork, fact: MobileReplayed) -> None:
    """A mobile application's token was copied, and its session ended: the owner signs in again."""
    _write(
        work,
        Draft(
            cause=f"mobile:{fact.session_id}",
            recipient=fact.reference,
            template="mobile_replayed",
            about=f"account:{fact.account_id}",
            space=rules.space_of(fact.kind),
            to=fact.email.value,
            content={},
        ),
    )


def warn_of_change(work: MessagingWork, fact: ContactChanged, cause: uuid.UUID) -> None:
    """An e-mail or a phone was replaced, or put back: who was there before is told, and may object to the first."""
    template = "contact_restored" if fact.objected else "contact_changed"
    former = opened(fact.former)
    to = former if fact.what == "email" and not fact.objected else fact.email.value
    said = {"what": fact.what, "hold_until": fact.hold_until.isoformat()}
    secret = {"token": fact.objection.value, "page": OBJECTION_PAGE} if fact.objection else {}
    about: dict[str, Any] = {"recipient": fact.reference, "about": f"account:{fact.account_id}", "space": rules.space_of(fact.kind)}
    _write(work, Draft(cause=str(cause), template=template, to=to, content=said | secret, **about))
    if fact.what == "phone" and former and not fact.objected:
        _write(work, Draft(cause=str(cause), template=template, channel="sms", to=former, content=said, **about))


def send_receipt(work: MessagingWork, fact: AccountDeleted) -> None:
    """What went and what stays of a deleted account (S2:30), to the address that opened it."""
    kept = [f"{line.what} : {line.until} ({line.source})" for line in fact.kept]
    about = f"account:{fact.account_id}"
    content = {"erased": list(fact.erased), "kept": kept}
    space, to = rules.space_of(fact.kind), fact.email.value
    _write(
        work, Draft(cause=f"deleted:{about}", recipient=about, template="account_deleted", about=about, space=space, to=to, content=content)
    )


def issue_password_link(work: MessagingWork, fact: PasswordLinkIssued) -> None:
    """A link to choose another password (S2:43); too late is too late."""
    about = f"account:{fact.account_id}"
    content = {"token": fact.token.value, "page": PASSWORD_PAGE, "first_name": fact.first_name.value}
    _write(
        work,
        Draft(
            cause=f"password-link:{fact.link_id}",
            recipient=about,
            template="password_link",
            about=about,
            space=rules.space_of(fact.kind),
            to=fact.to.value,
            content=content | {"expires_at": fact.expires_at.isoformat()},
            expires_at=fact.expires_at,
        ),
    )


def tell_of_password(work: MessagingWork, fact: PasswordChanged) -> None:
    """The password is another: its owner is told, in case somebody else did it."""
    _write(
        work,
        Draft(
            cause=f"password:{fact.account_id}:{fact.changed_at.isoformat()}",
            recipient=fact.reference,
            template="password_changed",
            about=f"account:{fact.account_id}",
            space=rules.space_of(fact.kind),
            to=fact.email.value,
            content={"how": fact.how, "changed_at": fact.changed_at.isoformat()},
        ),
    )


def announce_copy(work: MessagingWork, fact: CopyReady) -> None:
    """The archive of one's data can be downloaded, until when."""
    content = {"expires_at": fact.expires_at.isoformat()}
    about: dict[str, Any] = {"recipient": fact.reference, "about": f"copy:{fact.copy_id}", "cause": f"copy:{fact.copy_id}"}
    _write(work, Draft(template="copy_ready", space=rules.space_of(fact.kind), to=fact.email.value, content=content, **about))


def tell_of_factor(work: MessagingWork, fact: SecondFactorChanged) -> None:
    """How the account is entered changed: its owner is told, in case somebody else did it."""
    _write(
        work,
        Draft(
            cause=f"factor:{fact.account_id}:{fact.change}:{fact.changed_at.isoformat()}",
            recipient=fact.reference,
            template="second_factor_changed",
            about=f"account:{fact.account_id}",
            space=rules.space_of(fact.kind),
            to=fact.email.value,
            content={"change": fact.change, "changed_at": fact.changed_at.isoformat()},
        ),
    )


def tell_of_provider(work: MessagingWork, fact: ProviderTied) -> None:
    """Another house opens the account: its owner is told, in case somebody else did it."""
    _write(
        work,
        Draft(
            cause=f"provider:{fact.account_id}:{fact.tied_at.isoformat()}",
            recipient=fact.reference,
            template="provider_tied",
            about=f"account:{fact.account_id}",
            space=rules.space_of(fact.kind),
            to=fact.email.value,
            content={"label": fact.label, "tied_at": fact.tied_at.isoformat()},
        ),
    )


def open_rights(work: MessagingWork, fact: RightsOpened) -> None:
    """Cover begins: the person is told."""
    about = f"rights:{fact.rights_id}"
    content = {"siret": fact.siret, "contract_label": fact.contract_label, "starts_on": fact.starts_on.isoformat()}
    _write(work, Draft(cause=about, recipient=f"person:{fact.person_id}", template="rights_opened", about=about, content=content))


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
    common: dict[str, Any] = {"cause": str(cause), "about": about, "content": content}
    _write(work, Draft(recipient=person, template=f"rights_{variant}", **common))
    _follow_up(work, person, str(cause), about)
    to_company = common | {"content": content | {"employee": access.employee(work, fact.person_id)}}
    for reader in _readers(work, fact.siren):
        template = f"company_rights_{variant}"
        _write(work, Draft(recipient=reader, template=template, space="entreprise", company=fact.siren, **to_company))


def tell_answer(work: MessagingWork, fact: ThreadAnswered) -> None:
    """Somebody of ours answered: a mail says that, and nothing of what was said."""
    draft = Draft(
        cause=f"message:{fact.message_id}",
        recipient=fact.owner,
        template="answered",
        about=f"thread:{fact.thread_id}",
        space=fact.space,
        company=fact.company,
        content={"motif": fact.motif_label},
    )
    _write(work, draft)


def mark_read(work: MessagingWork, notice_id: uuid.UUID) -> Notice:
    """The person opened a notice of the bell; opening it again changes nothing."""
    notice = access.own_notice(work, notice_id)
    notice.read_at = notice.read_at or work.now
    return notice


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
        _write(work, Draft(cause=cause, recipient=person, template=FOLLOW_UP, about=f"follow-up:{about}", channel="sms", content={}))


def _readers(work: MessagingWork, siren: str) -> list[str]:
    """Recipients at a company; the company itself while nobody there has an account: the first who opens one is told."""
    return [f"account:{account_id}" for account_id in access.readers(work, siren)] or [f"company:{siren}"]


def _write(work: MessagingWork, draft: Draft) -> None:
    """Insert the notice unless it is there already."""
    reachable = draft.to is not None or _is_known(work, draft.recipient)
    patience = None if reachable else work.now + rules.CONTACT_PATIENCE
    values = {
        **vars(draft),
        "id": ids.uuid7(),
        "brand": access.brand(work, work.brand_key).identity.key,
        "trace": work.trace,
        "state": "pending" if reachable else "waiting_contact",
        "created_at": work.now,
        "next_try_at": work.now,
        "expires_at": draft.expires_at or patience,
    }
    work.session.execute(insert(Notice).values(values).on_conflict_do_nothing())


def _is_known(work: MessagingWork, recipient: str) -> bool:
    contact = access.contact(work, recipient)
    return contact is not None and contact.email is not None
