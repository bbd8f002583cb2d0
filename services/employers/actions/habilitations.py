"""Habilitations."""

from uuid import UUID

from events import employers as facts
from events import opened
from events.employers import Role
from events.identity import AccountActivated
from services.employers.access import habilitations as access
from services.employers.config import Work
from services.employers.models import Account, Company, Habilitation


def know_account(work: Work, fact: AccountActivated) -> None:
    """Keep the name of an account for the list of habilitations."""
    known = {"first_name": fact.first_name, "last_name": fact.last_name, "email": fact.email}
    work.session.merge(Account(id=fact.account_id, **{name: opened(value) for name, value in known.items()}))


def grant(work: Work, account_id: UUID, company: Company, role: Role) -> None:
    """Let an account act for a company; harmless when it does already."""
    if access.live_habilitation(work, account_id, company.siren) is not None:
        return
    work.session.add(Habilitation(account_id=account_id, siren=company.siren, role=role, granted_at=work.now, changed_at=work.now))
    work.session.flush()
    branded = work.for_brand(company.brand)
    branded.emit(facts.HabilitationGranted(account_id=account_id, siren=company.siren, role=role))
    branded.audit("habilitation.granted", f"account:{account_id}", siren=company.siren, role=role)
