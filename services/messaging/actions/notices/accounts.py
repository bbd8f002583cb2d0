"""What happened to somebody's account: told to its owner, in case somebody else did it."""

import uuid
from typing import Any

from events.fact import opened
from events.identity import (
    AccessRearmed,
    AccountActivated,
    AccountDeleted,
    ContactChanged,
    CopyReady,
    MobileReplayed,
    PasswordChanged,
    PhoneEnrolled,
    ProviderTied,
    SecondFactorChanged,
)
from services.messaging import rules
from services.messaging.actions.notices.drafts import Draft, write
from services.messaging.config import MessagingWork

OBJECTION_PAGE = "acces/opposition"
Warned = PhoneEnrolled | MobileReplayed | PasswordChanged | SecondFactorChanged | AccessRearmed | ProviderTied
"""What an owner is warned of, at the address that the account has now."""


def welcome(work: MessagingWork, fact: AccountActivated, recipient: str) -> None:
    """The account is open (S0:62-100, S1:57-90). Who came with a link, or was invited by us, needs no welcome."""
    if fact.kind not in rules.WELCOMED:
        return
    space = rules.space_of(fact.kind)
    about = f"account:{fact.account_id}"
    write(work, Draft(cause=about, recipient=recipient, template="welcome", about=about, space=space, content={"kind": fact.kind}))


def warn_of_phone(work: MessagingWork, fact: PhoneEnrolled) -> None:
    """A phone became the second factor: the older channel is told, so that nobody does it unseen."""
    _warn(work, fact, "phone_enrolled", f"phone:{fact.account_id}:{fact.hold_until.isoformat()}", phone=fact.phone.value)


def warn_of_copy(work: MessagingWork, fact: MobileReplayed) -> None:
    """A mobile application's token was copied, and its session ended: the owner signs in again."""
    _warn(work, fact, "mobile_replayed", f"mobile:{fact.session_id}")


def warn_of_change(work: MessagingWork, fact: ContactChanged, cause: uuid.UUID) -> None:
    """An e-mail or a phone was replaced, or put back: who was there before is told, and may object to the first."""
    template = "contact_restored" if fact.objected else "contact_changed"
    former = opened(fact.former)
    to = former if fact.what == "email" and not fact.objected else fact.email.value
    said = {"what": fact.what, "hold_until": fact.hold_until.isoformat()}
    secret = {"token": fact.objection.value, "page": OBJECTION_PAGE} if fact.objection else {}
    about: dict[str, Any] = {"recipient": fact.reference, "about": f"account:{fact.account_id}", "space": rules.space_of(fact.kind)}
    write(work, Draft(cause=str(cause), template=template, to=to, content=said | secret, **about))
    if fact.what == "phone" and former and not fact.objected:
        write(work, Draft(cause=str(cause), template=template, channel="sms", to=former, content=said, **about))


def tell_of_password(work: MessagingWork, fact: PasswordChanged) -> None:
    """The password is another: its owner is told, in case somebody else did it."""
    at = fact.changed_at.isoformat()
    _warn(work, fact, "password_changed", f"password:{fact.account_id}:{at}", how=fact.how, changed_at=at)


def tell_of_factor(work: MessagingWork, fact: SecondFactorChanged) -> None:
    """How the account is entered changed: its owner is told, in case somebody else did it."""
    at = fact.changed_at.isoformat()
    _warn(work, fact, "second_factor_changed", f"factor:{fact.account_id}:{fact.change}:{at}", change=fact.change, changed_at=at)


def tell_of_rearming(work: MessagingWork, fact: AccessRearmed) -> None:
    """A caseworker comes in again with a new password and a new application: she is told, in case somebody else did it."""
    at = fact.rearmed_at.isoformat()
    _warn(work, fact, "access_rearmed", f"rearmed:{fact.account_id}:{at}", by=fact.by, rearmed_at=at)


def tell_of_provider(work: MessagingWork, fact: ProviderTied) -> None:
    """Another house opens the account: its owner is told, in case somebody else did it."""
    at = fact.tied_at.isoformat()
    _warn(work, fact, "provider_tied", f"provider:{fact.account_id}:{at}", label=fact.label, tied_at=at)


def announce_copy(work: MessagingWork, fact: CopyReady) -> None:
    """The archive of one's data can be downloaded, until when."""
    content = {"expires_at": fact.expires_at.isoformat()}
    about: dict[str, Any] = {"recipient": fact.reference, "about": f"copy:{fact.copy_id}", "cause": f"copy:{fact.copy_id}"}
    write(work, Draft(template="copy_ready", space=rules.space_of(fact.kind), to=fact.email.value, content=content, **about))


def send_receipt(work: MessagingWork, fact: AccountDeleted) -> None:
    """What went and what stays of a deleted account (S2:30), to the address that opened it."""
    kept = [f"{line.what} : {line.until} ({line.source})" for line in fact.kept]
    about = f"account:{fact.account_id}"
    content = {"erased": list(fact.erased), "kept": kept}
    space, to = rules.space_of(fact.kind), fact.email.value
    write(
        work, Draft(cause=f"deleted:{about}", recipient=about, template="account_deleted", about=about, space=space, to=to, content=content)
    )


def _warn(work: MessagingWork, fact: Warned, template: str, cause: str, **content: str) -> None:
    who: dict[str, Any] = {"recipient": fact.reference, "about": f"account:{fact.account_id}", "space": rules.space_of(fact.kind)}
    write(work, Draft(cause=cause, template=template, to=fact.email.value, content=content, **who))
