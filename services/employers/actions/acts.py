"""Acts on a whole company, by two caseworkers: one asks, another approves, and only then it happens (ASVS 2.3.5)."""

from collections.abc import Callable
from uuid import UUID

from chassis import four_eyes
from services.employers import rules
from services.employers.access import acts as access
from services.employers.access import companies
from services.employers.access import habilitations as held
from services.employers.actions import habilitations
from services.employers.config import Work
from services.employers.lifecycle import State
from services.employers.models import Company, PendingAct


def ask(work: Work, kind: str, siren: str, reason: str) -> PendingAct:
    """Ask for an act; nothing happens yet. Raises ``Forbidden``, ``NotFound``."""
    companies.keeping_the_portfolio(work.actor)
    company = companies.company(work, siren)
    act = PendingAct(
        kind=kind,
        subject=f"company:{siren}",
        brand=company.brand,
        reason=reason,
        asked_by=work.actor.account_id,
        asked_at=work.now,
        expires_at=work.now + four_eyes.LIFE,
    )
    work.session.add(act)
    work.session.flush()
    work.audit("act.asked", act.subject, kind=kind, act=str(act.id))
    return act


def approve(work: Work, act_id: UUID) -> PendingAct:
    """Approve an act of somebody else, and do it. Raises ``Forbidden``, ``NotFound``, ``SamePerson``, ``Decided``."""
    access.deciding(work.actor)
    act = access.act(work, act_id)
    act.approve(work)
    PERFORMED[act.kind](work.for_brand(act.brand), held.lock_company(work, act.siren))
    return act


def refuse(work: Work, act_id: UUID) -> PendingAct:
    """Refuse an act, or take one's own back. Raises ``Forbidden``, ``NotFound``, ``Decided``."""
    act = access.act(work, act_id)
    if work.actor.account_id != act.asked_by:
        access.deciding(work.actor)
    act.refuse(work)
    return act


def _shut_company(work: Work, company: Company) -> None:
    """Everybody loses the company, and the invitations that wait with it: a space that somebody else took over. No calendar opens it."""
    company.shut_at = company.shut_at or work.now
    for habilitation in access.held_on(work, company.siren, State.SUSPENDED):
        habilitation.resumes_on = None
    for habilitation in access.held_on(work, company.siren, State.ACTIVE):
        habilitations.shut(work, habilitation)
        habilitation.shut_with_company = True


def _reopen_company(work: Work, company: Company) -> None:
    """The administrators who were shut out with it come back, not those whom a colleague had suspended before; they give the others'
    rights back, or leave them suspended."""
    company.shut_at = None
    for habilitation in access.held_on(work, company.siren, State.SUSPENDED):
        if habilitation.shut_with_company and habilitation.role == rules.ADMINISTRATOR:
            habilitations.resume(work, habilitation)


PERFORMED: dict[str, Callable[[Work, Company], None]] = {
    rules.SHUT_COMPANY: _shut_company,
    rules.REOPEN_COMPANY: _reopen_company,
}
"""What each kind of act does, its company locked."""
