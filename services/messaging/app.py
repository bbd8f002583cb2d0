"""Wiring: what messaging is made of."""

from chassis.copies import giving
from chassis.service import Service
from events.affiliation import Abandoned, Finalised, Sent
from events.documents import Received, Refused, Released
from events.employers import CompanyRegistered, EstablishmentRegistered, HabilitationGranted, HabilitationRevoked, RightGained
from events.identity import (
    AccessRearmed,
    AccountActivated,
    AccountDeleted,
    CodeIssued,
    ConsentChanged,
    ContactChanged,
    CopyAsked,
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
from events.messaging import MessagingPart, NoticeUndelivered, ThreadAnswered
from services.messaging import subscribers
from services.messaging.actions import copies
from services.messaging.adapters import make_adapters
from services.messaging.config import MessagingBrand, MessagingSettings
from services.messaging.models import VAULT, Base
from services.messaging.routes import DOORS
from services.messaging.tasks import TASKS

SERVICE = Service(
    name="messaging",
    title="Messages",
    package="services.messaging",
    metadata=Base.metadata,
    vault=VAULT,
    settings=MessagingSettings,
    brand=MessagingBrand,
    doors=DOORS,
    subscriptions={
        CodeIssued: subscribers.on_code_issued,
        LinkIssued: subscribers.on_link_issued,
        AccountActivated: subscribers.on_account_activated,
        PhoneEnrolled: subscribers.on_phone_enrolled,
        AccountDeleted: subscribers.on_account_deleted,
        ConsentChanged: subscribers.on_consent_changed,
        CopyAsked: giving(MessagingPart, copies.gather),
        CopyReady: subscribers.on_copy_ready,
        ContactChanged: subscribers.on_contact_changed,
        PasswordLinkIssued: subscribers.on_password_link_issued,
        PasswordChanged: subscribers.on_password_changed,
        SecondFactorChanged: subscribers.on_second_factor_changed,
        ProviderTied: subscribers.on_provider_tied,
        AccessRearmed: subscribers.on_access_rearmed,
        MobileReplayed: subscribers.on_mobile_replayed,
        CompanyRegistered: subscribers.on_company_registered,
        EstablishmentRegistered: subscribers.on_establishment_registered,
        HabilitationGranted: subscribers.on_habilitation_granted,
        HabilitationRevoked: subscribers.on_habilitation_revoked,
        InvitationIssued: subscribers.on_invitation_issued,
        RightGained: subscribers.on_right_gained,
        Sent: subscribers.on_sent,
        Finalised: subscribers.on_finalised,
        Abandoned: subscribers.on_abandoned,
        PersonRegistered: subscribers.on_person_registered,
        RightsOpened: subscribers.on_rights_opened,
        PortabilityProofDue: subscribers.on_portability_proof_due,
        RightsChanged: subscribers.on_rights_changed,
        PortabilityAnswered: subscribers.on_portability_answered,
        Reimbursed: subscribers.on_reimbursed,
        **dict.fromkeys((Received, Released, Refused), subscribers.on_document),
        NoticeUndelivered: subscribers.on_undelivered,
        ThreadAnswered: subscribers.on_thread_answered,
    },
    tasks=TASKS,
    adapters=make_adapters,
)
