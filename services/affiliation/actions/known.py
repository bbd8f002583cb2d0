"""What other services tell is kept here, each thing once and whatever the order: establishments, contracts, documents, notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from events.documents import Received, Refused, Released
from events.employers import EstablishmentRegistered
from events.members import ContractOpened
from events.messaging import NoticeHandedOver
from services.affiliation.access import APPLICANT
from services.affiliation.config import Work
from services.affiliation.models import Base, Contract, Document, Establishment, Notice
from services.affiliation.rules import PieceState


def learn_establishment(work: Work, fact: EstablishmentRegistered) -> None:
    """An establishment, or its newer name."""
    _upsert(work, Establishment, {"siret": fact.siret}, {"siren": fact.siren, "name": fact.establishment_name})


def learn_contract(work: Work, fact: ContractOpened) -> None:
    """A contract, or its newer label."""
    key = {"siren": fact.siren, "reference": fact.reference}
    _upsert(work, Contract, key, {"label": fact.label, "starts_on": fact.starts_on})


def learn_document(work: Work, fact: Received | Released | Refused, state: PieceState, refusal: str | None = None) -> None:
    """A document that belongs to an affiliation, known here or not yet. What was decided never goes back to quarantine."""
    affiliation_id = affiliation_of(fact.owner)
    if affiliation_id is None:
        return
    news = {"affiliation_id": affiliation_id, "kind": fact.kind, "state": state, "refusal": refusal}
    _upsert(work, Document, {"id": fact.document_id}, news, only_new=state == PieceState.QUARANTINE)


def learn_notice(work: Work, fact: NoticeHandedOver, at: datetime) -> None:
    """A mail or a letter about an affiliation has left."""
    affiliation_id = affiliation_of(fact.about)
    if affiliation_id is None:
        return
    news = {"affiliation_id": affiliation_id, "template": fact.template, "channel": fact.channel, "handed_over_at": at}
    _upsert(work, Notice, {"id": fact.notice_id}, news, only_new=True)


def affiliation_of(owner: str) -> UUID | None:
    """The id in ``affiliation:<id>``; ``None`` for what belongs to somebody else."""
    try:
        return UUID(owner.removeprefix(APPLICANT)) if owner.startswith(APPLICANT) else None
    except ValueError:
        return None


def _upsert(work: Work, table: type[Base], key: dict[str, Any], news: dict[str, Any], *, only_new: bool = False) -> None:
    row = insert(table).values(**key, **news)
    columns = list(key)
    work.session.execute(
        row.on_conflict_do_nothing(index_elements=columns) if only_new else row.on_conflict_do_update(index_elements=columns, set_=news)
    )
