"""Habilitations: who may act for which company."""

from uuid import UUID

from sqlalchemy import select

from services.employers.config import Work
from services.employers.models import Account, Company, Habilitation


def live_habilitations(work: Work, of: Company) -> list[tuple[Habilitation, Account | None]]:
    """Who may act for a company, oldest first, with the name identity told."""
    asked = select(Habilitation, Account).outerjoin(Account, Account.id == Habilitation.account_id)
    live = asked.where(Habilitation.siren == of.siren, Habilitation.revoked_at.is_(None)).order_by(Habilitation.id)
    return [(habilitation, account) for habilitation, account in work.session.execute(live)]


def live_habilitation(work: Work, account_id: UUID, siren: str) -> Habilitation | None:
    """What an account holds on a company now."""
    live = Habilitation.revoked_at.is_(None)
    return work.session.scalar(select(Habilitation).where(Habilitation.account_id == account_id, Habilitation.siren == siren, live))
