"""The message door: what arrives, and the action it starts."""

from collections.abc import Sequence
from typing import Any

from chassis.service import Handler
from chassis.work import Told
from events.accesses import FileOpened
from events.affiliation import AffiliationOpened, Finalised
from events.documents import DocumentOpened, Received, Refused, Released
from events.dsn import AffiliationSeen, DeclarationTaken, EmploymentChanged, IdentityChanged, NobodyCovered, Radiation
from events.employers import CompanyRegistered, EstablishmentRegistered
from events.fact import Fact
from events.identity import AccountAsked, AccountDeleted, ContactChanged, CopyAsked
from events.messaging import ThreadOpened
from events.noemie import StatementTold
from services.members.actions import (
    accesses,
    affiliations,
    copies,
    payroll,
    people,
    portfolio,
    recognition,
    reimbursements,
    requests,
    saved_views,
)
from services.members.config import Work
from services.members.rules.requests import PieceState


def on_finalised(work: Work, tolds: Sequence[Told[Finalised]], adapters: Any) -> None:
    affiliations.enrol_all(work, tolds)


def on_payroll(work: Work, tolds: Sequence[Told[Any]], adapters: Any) -> None:
    payroll.take(work, tolds)


def on_statements(work: Work, tolds: Sequence[Told[StatementTold]], adapters: Any) -> None:
    reimbursements.take(work, tolds)


def on_contact(work: Work, tolds: Sequence[Told[ContactChanged]], adapters: Any) -> None:
    for told in tolds:
        people.reach(work.because(told), told.fact)


def on_account_deleted(work: Work, tolds: Sequence[Told[AccountDeleted]], adapters: Any) -> None:
    for told in tolds:
        people.tell_again(work.because(told), told.fact)
        saved_views.forget_all(work, told.fact.account_id)


def on_account_asked(work: Work, tolds: Sequence[Told[AccountAsked]], adapters: Any) -> None:
    for told in tolds:
        recognition.recognise(work.because(told), told.fact)


def on_copy(work: Work, tolds: Sequence[Told[CopyAsked]], adapters: Any) -> None:
    for told in tolds:
        copies.give(work, told)


def on_opened(work: Work, tolds: Sequence[Told[FileOpened]], adapters: Any) -> None:
    for told in tolds:
        accesses.keep(work.because(told), told.fact, told.time)


def on_received(work: Work, tolds: Sequence[Told[Received]], adapters: Any) -> None:
    for told in tolds:
        requests.learn(work.because(told), told.fact, PieceState.QUARANTINE)


def on_released(work: Work, tolds: Sequence[Told[Released]], adapters: Any) -> None:
    for told in tolds:
        requests.learn(work.because(told), told.fact, PieceState.RELEASED)


def on_refused(work: Work, tolds: Sequence[Told[Refused]], adapters: Any) -> None:
    for told in tolds:
        requests.learn(work.because(told), told.fact, PieceState.REFUSED, told.fact.reason)


def on_company(work: Work, tolds: Sequence[Told[CompanyRegistered]], adapters: Any) -> None:
    portfolio.name_companies(
        work,
        (
            {
                "brand": told.brand,
                "siren": told.fact.siren,
                "name": told.fact.company_name,
                "insurer": told.fact.insurer,
                "emits_dsn": told.fact.emits_dsn,
            }
            for told in tolds
        ),
    )


def on_establishment(work: Work, tolds: Sequence[Told[EstablishmentRegistered]], adapters: Any) -> None:
    portfolio.name_establishments(
        work,
        ({"brand": told.brand, "siret": told.fact.siret, "siren": told.fact.siren, "name": told.fact.establishment_name} for told in tolds),
    )


PAYROLL: tuple[type[Fact], ...] = (Radiation, AffiliationSeen, IdentityChanged, EmploymentChanged, NobodyCovered, DeclarationTaken)
SUBSCRIPTIONS: dict[type[Fact], Handler] = {
    Finalised: on_finalised,
    AccountAsked: on_account_asked,
    AccountDeleted: on_account_deleted,
    ContactChanged: on_contact,
    CopyAsked: on_copy,
    AffiliationOpened: on_opened,
    DocumentOpened: on_opened,
    ThreadOpened: on_opened,
    Received: on_received,
    Released: on_released,
    Refused: on_refused,
    CompanyRegistered: on_company,
    EstablishmentRegistered: on_establishment,
    **dict.fromkeys(PAYROLL, on_payroll),
    StatementTold: on_statements,
}
