"""The message door: what to do when a fact arrives."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.copies import giving
from chassis.service import Handler
from chassis.work import Told
from events.affiliation import AffiliationPart
from events.documents import Received, Refused, Released
from events.employers import EstablishmentRegistered
from events.fact import Fact
from events.members import ContractOpened, MembersPart
from events.messaging import NoticeHandedOver, NoticeUndelivered
from services.affiliation.actions import copies, known, reminders
from services.affiliation.config import Work
from services.affiliation.rules import PieceState


def on_establishment(work: Work, tolds: Sequence[Told[EstablishmentRegistered]], adapters: Any) -> None:
    for told in tolds:
        known.learn_establishment(work.because(told), told.fact)


def on_contract(work: Work, tolds: Sequence[Told[ContractOpened]], adapters: Any) -> None:
    for told in tolds:
        known.learn_contract(work.because(told), told.fact)


def on_received(work: Work, tolds: Sequence[Told[Received]], adapters: Any) -> None:
    for told in tolds:
        known.learn_document(work.because(told), told.fact, PieceState.QUARANTINE)


def on_released(work: Work, tolds: Sequence[Told[Released]], adapters: Any) -> None:
    for told in tolds:
        known.learn_document(work.because(told), told.fact, PieceState.RECEIVED)


def on_refused(work: Work, tolds: Sequence[Told[Refused]], adapters: Any) -> None:
    for told in tolds:
        known.learn_document(work.because(told), told.fact, PieceState.REFUSED, told.fact.reason)


def on_notice(work: Work, tolds: Sequence[Told[NoticeHandedOver]], adapters: Any) -> None:
    for told in tolds:
        known.learn_notice(work.because(told), told.fact, told.time)


def on_undelivered(work: Work, tolds: Sequence[Told[NoticeUndelivered]], adapters: Any) -> None:
    for told in tolds:
        if affiliation_id := known.affiliation_of(told.fact.about):
            reminders.learn_undelivered(work.because(told), affiliation_id, told.fact.channel)


SUBSCRIPTIONS: Mapping[type[Fact], Handler] = {
    MembersPart: giving(AffiliationPart, copies.gather),
    EstablishmentRegistered: on_establishment,
    ContractOpened: on_contract,
    Received: on_received,
    Released: on_released,
    Refused: on_refused,
    NoticeHandedOver: on_notice,
    NoticeUndelivered: on_undelivered,
}
