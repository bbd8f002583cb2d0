"""The message door: what members, employers and affiliation tell, handed to actions one fact at a time."""

from collections.abc import Sequence
from typing import Any

from chassis.copies import giving
from chassis.service import Handler
from chassis.work import Told
from events import Fact
from events.affiliation import Abandoned, ContactGiven, Finalised, Relaunched, Sent
from events.documents import Released
from events.employers import ActivationRequested, HabilitationGranted, HabilitationRevoked, InvitationSent, InvitationWithdrawn
from events.identity import CopyAsked, IdentityPart
from events.members import AccountMatched, PersonRegistered
from services.identity.actions import accounts, activations, applicants, copies, habilitations, invitations, openings
from services.identity.config import IdentityWork


def on_person(work: IdentityWork, tolds: Sequence[Told[PersonRegistered]], _adapters: Any) -> None:
    for told in tolds:
        accounts.register_person(_branded(work, told), told.fact, told.time)


def on_activation(work: IdentityWork, tolds: Sequence[Told[ActivationRequested]], _adapters: Any) -> None:
    for told in tolds:
        activations.open_for_employer(_branded(work, told), told.fact)


def on_account_matched(work: IdentityWork, tolds: Sequence[Told[AccountMatched]], _adapters: Any) -> None:
    for told in tolds:
        openings.recognise(_branded(work, told), told.fact)


def on_grant(work: IdentityWork, tolds: Sequence[Told[HabilitationGranted]], _adapters: Any) -> None:
    for told in tolds:
        habilitations.note(
            work, told.fact.account_id, told.fact.siren, told.fact.role, told.fact.sees_nir, revoked=False, told_at=told.time
        )


def on_revocation(work: IdentityWork, tolds: Sequence[Told[HabilitationRevoked]], _adapters: Any) -> None:
    for told in tolds:
        habilitations.note(work, told.fact.account_id, told.fact.siren, "user", False, revoked=True, told_at=told.time)


def on_invitation(work: IdentityWork, tolds: Sequence[Told[InvitationSent]], _adapters: Any) -> None:
    for told in tolds:
        invitations.receive(_branded(work, told), told.fact, told.time)


def on_invitation_withdrawn(work: IdentityWork, tolds: Sequence[Told[InvitationWithdrawn]], _adapters: Any) -> None:
    for told in tolds:
        invitations.withdraw(_branded(work, told), told.fact.invitation_id)


def on_journey(work: IdentityWork, tolds: Sequence[Told[Any]], _adapters: Any) -> None:
    """A form was sent, or its employee reminded: a new link."""
    for told in tolds:
        applicants.send_link(_branded(work, told), told.fact, told.time)


def on_contact(work: IdentityWork, tolds: Sequence[Told[ContactGiven]], _adapters: Any) -> None:
    for told in tolds:
        applicants.note_contact(_branded(work, told), told.fact.affiliation_id, told.fact.email.value, told.time)


def on_finalised(work: IdentityWork, tolds: Sequence[Told[Finalised]], _adapters: Any) -> None:
    for told in tolds:
        applicants.close(_branded(work, told), told.fact.affiliation_id, "finalised", told.time)


def on_abandoned(work: IdentityWork, tolds: Sequence[Told[Abandoned]], _adapters: Any) -> None:
    for told in tolds:
        applicants.close(_branded(work, told), told.fact.affiliation_id, "abandoned", told.time)


def _branded(work: IdentityWork, told: Told[Any]) -> IdentityWork:
    """The work for the brand the fact names; a fact that names none (a payroll's) is the default brand's."""
    because = work.because(told)
    if because.brand_key in work.brands:
        return because
    default = next((key for key, brand in work.brands.items() if brand.identity.default), next(iter(work.brands)))
    return because.for_brand(default)


def on_released(work: IdentityWork, tolds: Sequence[Told[Released]], _adapters: Any) -> None:
    for told in tolds:
        copies.note_ready(work.because(told), told.fact)


SUBSCRIPTIONS: dict[type[Fact], Handler] = {
    PersonRegistered: on_person,
    AccountMatched: on_account_matched,
    ActivationRequested: on_activation,
    HabilitationGranted: on_grant,
    HabilitationRevoked: on_revocation,
    InvitationSent: on_invitation,
    InvitationWithdrawn: on_invitation_withdrawn,
    Sent: on_journey,
    Relaunched: on_journey,
    ContactGiven: on_contact,
    Finalised: on_finalised,
    Abandoned: on_abandoned,
    Released: on_released,
    CopyAsked: giving(IdentityPart, copies.gather),
}
