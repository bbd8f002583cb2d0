"""The message door: what happens when a fact arrives. Each fact may come again, and before what it needs."""

from collections.abc import Sequence
from typing import Any

from chassis.work import Told
from events.affiliation import Abandoned, Finalised, Sent
from events.documents import Received, Refused, Released
from events.employers import CompanyRegistered, EstablishmentRegistered, HabilitationGranted, HabilitationRevoked, RightGained
from events.fact import opened
from events.identity import (
    AccessRearmed,
    AccountActivated,
    AccountDeleted,
    CodeIssued,
    ConsentChanged,
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
from events.members import PersonRegistered, PortabilityAnswered, PortabilityProofDue, Reimbursed, RightsChanged, RightsOpened
from events.messaging import NoticeUndelivered, ThreadAnswered
from services.messaging import actions
from services.messaging.actions import changes, threads
from services.messaging.actions.ports import Adapters
from services.messaging.config import MessagingWork


def on_code_issued(work: MessagingWork, tolds: Sequence[Told[CodeIssued]], adapters: Adapters) -> None:
    for told in tolds:
        actions.issue_code(work.because(told), told.fact)


def on_link_issued(work: MessagingWork, tolds: Sequence[Told[LinkIssued]], adapters: Adapters) -> None:
    for told in tolds:
        actions.issue_link(work.because(told), told.fact)


def on_account_activated(work: MessagingWork, tolds: Sequence[Told[AccountActivated]], adapters: Adapters) -> None:
    """A member is reached as the person they are, others as their account; the address is the one they sign in with."""
    for told in tolds:
        fact, ours = told.fact, work.because(told)
        recipient = fact.reference if fact.kind == "member" else f"account:{fact.account_id}"
        names: dict[str, Any] = {"first_name": fact.first_name.value, "last_name": fact.last_name.value}
        actions.know(ours, recipient, actions.Reach(**names, email=fact.email.value, phone=opened(fact.phone), proven=True))
        actions.welcome(ours, fact, recipient)


def on_phone_enrolled(work: MessagingWork, tolds: Sequence[Told[PhoneEnrolled]], adapters: Adapters) -> None:
    for told in tolds:
        actions.warn_of_phone(work.because(told), told.fact)


def on_account_deleted(work: MessagingWork, tolds: Sequence[Told[AccountDeleted]], adapters: Adapters) -> None:
    for told in tolds:
        actions.forget_account(work, told.fact)
        actions.send_receipt(work.because(told), told.fact)


def on_copy_ready(work: MessagingWork, tolds: Sequence[Told[CopyReady]], adapters: Adapters) -> None:
    for told in tolds:
        actions.announce_copy(work.because(told), told.fact)


def on_consent_changed(work: MessagingWork, tolds: Sequence[Told[ConsentChanged]], adapters: Adapters) -> None:
    for told in tolds:
        actions.note_consent(work, told.fact, told.time)


def on_contact_changed(work: MessagingWork, tolds: Sequence[Told[ContactChanged]], adapters: Adapters) -> None:
    for told in tolds:
        ours, fact = work.because(told), told.fact
        actions.move(ours, fact.reference, fact.email.value, opened(fact.phone))
        actions.warn_of_change(ours, fact, told.id)


def on_mobile_replayed(work: MessagingWork, tolds: Sequence[Told[MobileReplayed]], adapters: Adapters) -> None:
    for told in tolds:
        actions.warn_of_copy(work.because(told), told.fact)


def on_invitation_issued(work: MessagingWork, tolds: Sequence[Told[InvitationIssued]], adapters: Adapters) -> None:
    for told in tolds:
        actions.invite(work.because(told), told.fact)


def on_right_gained(work: MessagingWork, tolds: Sequence[Told[RightGained]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_right(work.because(told), told.fact, told.id)


def on_password_link_issued(work: MessagingWork, tolds: Sequence[Told[PasswordLinkIssued]], adapters: Adapters) -> None:
    for told in tolds:
        actions.issue_password_link(work.because(told), told.fact)


def on_password_changed(work: MessagingWork, tolds: Sequence[Told[PasswordChanged]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_password(work.because(told), told.fact)


def on_second_factor_changed(work: MessagingWork, tolds: Sequence[Told[SecondFactorChanged]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_factor(work.because(told), told.fact)


def on_access_rearmed(work: MessagingWork, tolds: Sequence[Told[AccessRearmed]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_rearming(work.because(told), told.fact)


def on_provider_tied(work: MessagingWork, tolds: Sequence[Told[ProviderTied]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_provider(work.because(told), told.fact)


def on_company_registered(work: MessagingWork, tolds: Sequence[Told[CompanyRegistered]], adapters: Adapters) -> None:
    for told in tolds:
        actions.name_place(work, told.fact.siren, told.fact.company_name, emits_dsn=told.fact.emits_dsn)


def on_establishment_registered(work: MessagingWork, tolds: Sequence[Told[EstablishmentRegistered]], adapters: Adapters) -> None:
    for told in tolds:
        actions.name_place(work, told.fact.siret, told.fact.establishment_name)


def on_habilitation_granted(work: MessagingWork, tolds: Sequence[Told[HabilitationGranted]], adapters: Adapters) -> None:
    for told in tolds:
        actions.grant(work, told.fact.account_id, told.fact.siren, told.time)


def on_habilitation_revoked(work: MessagingWork, tolds: Sequence[Told[HabilitationRevoked]], adapters: Adapters) -> None:
    for told in tolds:
        actions.revoke(work, told.fact.account_id, told.fact.siren, told.time)


def on_person_registered(work: MessagingWork, tolds: Sequence[Told[PersonRegistered]], adapters: Adapters) -> None:
    for told in tolds:
        fact = told.fact
        names: dict[str, Any] = {"first_name": fact.first_name.value, "last_name": fact.last_name.value}
        actions.know(work, f"person:{fact.person_id}", actions.Reach(**names, email=opened(fact.email), phone=opened(fact.phone)))
        changes.rename(work, f"person:{fact.person_id}", **names)


def on_rights_opened(work: MessagingWork, tolds: Sequence[Told[RightsOpened]], adapters: Adapters) -> None:
    for told in tolds:
        actions.open_rights(work.because(told), told.fact)


def on_rights_changed(work: MessagingWork, tolds: Sequence[Told[RightsChanged]], adapters: Adapters) -> None:
    for told in tolds:
        actions.change_rights(work.because(told), told.fact, told.id)


def on_portability_answered(work: MessagingWork, tolds: Sequence[Told[PortabilityAnswered]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_portability(work.because(told), told.fact, told.id)


def on_portability_proof_due(work: MessagingWork, tolds: Sequence[Told[PortabilityProofDue]], adapters: Adapters) -> None:
    for told in tolds:
        actions.ask_for_proof(work.because(told), told.fact, told.id)


def on_sent(work: MessagingWork, tolds: Sequence[Told[Sent]], adapters: Adapters) -> None:
    for told in tolds:
        changes.note_sent(work.because(told), told.fact)


def on_finalised(work: MessagingWork, tolds: Sequence[Told[Finalised]], adapters: Adapters) -> None:
    for told in tolds:
        changes.note_finalised(work.because(told), told.fact)


def on_abandoned(work: MessagingWork, tolds: Sequence[Told[Abandoned]], adapters: Adapters) -> None:
    for told in tolds:
        changes.note_abandoned(work.because(told), told.fact)


def on_undelivered(work: MessagingWork, tolds: Sequence[Told[NoticeUndelivered]], adapters: Adapters) -> None:
    """Our own fact: the company of an affiliation reads it among what changed."""
    for told in tolds:
        changes.note_undelivered(work.because(told), told.fact)


def on_document(work: MessagingWork, tolds: Sequence[Told[Received] | Told[Released] | Told[Refused]], adapters: Adapters) -> None:
    """A file arrived, was released or refused: a message may carry it while it is not refused."""
    for told in tolds:
        threads.know_document(work, told.fact.document_id, told.fact.owner, refused=isinstance(told.fact, Refused))


def on_reimbursed(work: MessagingWork, tolds: Sequence[Told[Reimbursed]], adapters: Adapters) -> None:
    for told in tolds:
        actions.tell_of_reimbursement(work.because(told), told.fact)


def on_thread_answered(work: MessagingWork, tolds: Sequence[Told[ThreadAnswered]], adapters: Adapters) -> None:
    """Our own fact: a caseworker may not write to people's notices, the platform does."""
    for told in tolds:
        actions.tell_answer(work.because(told), told.fact)
