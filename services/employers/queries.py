"""What one can ask about employers: help for activation, companies, habilitations. One function per screen."""

from typing import Any

from services.employers.access import companies as perimeter
from services.employers.access import habilitations as access
from services.employers.config import Work
from services.employers.models import Account, Company, Habilitation


def activation_help(work: Work) -> dict[str, Any]:
    """What each insurer of the brand calls the company's identifier, and where it is printed (S1:63-76)."""
    identifiers = perimeter.brand(work).own.identifier
    return {"insurers": [{"key": key, "name": of.name, "label": of.label, "help": of.help} for key, of in identifiers.items()]}


def companies(work: Work, *, limit: int, after: str | None) -> dict[str, Any]:
    """A page of the actor's companies, each with its establishments and the role held on it."""
    found = perimeter.companies_after(work, after, limit + 1)
    page = found[:limit]
    establishments = perimeter.establishments_of(work, [company.siren for company in page])
    items = [_company(work, company) | {"establishments": [e for e in establishments if e.siren == company.siren]} for company in page]
    return {"items": items, "next": page[-1].siren if len(found) > limit else None}


def _company(work: Work, company: Company) -> dict[str, Any]:
    return {
        "siren": company.siren,
        "name": company.name,
        "brand": company.brand,
        "insurer": company.insurer,
        "role": work.actor.grants.get(company.siren),
        "emits_dsn": company.emits_dsn,
        "activated": company.activated_at is not None,
    }


def habilitations(work: Work, siren: str) -> dict[str, Any]:
    """Who may act for a company (S1:122-146). Raises ``NotFound``, ``Forbidden``."""
    company = perimeter.administered(work, siren)
    return {"items": [_habilitation(habilitation, account) for habilitation, account in access.live_habilitations(work, company)]}


def _habilitation(habilitation: Habilitation, account: Account | None) -> dict[str, Any]:
    return {
        "account_id": habilitation.account_id,
        "first_name": account and account.first_name,
        "last_name": account and account.last_name,
        "email": account and account.email,
        "role": habilitation.role,
        "granted_at": habilitation.granted_at,
    }
