"""What one can ask about employers: help for activation, companies, habilitations. One function per screen."""

from typing import Any
from uuid import UUID

from chassis import four_eyes
from chassis.problems import Forbidden, NotFound
from services.employers import lifecycle, rules
from services.employers.access import activation as requests
from services.employers.access import acts as deeds
from services.employers.access import companies as perimeter
from services.employers.access import habilitations as access
from services.employers.config import Work
from services.employers.lifecycle import State
from services.employers.models import ActivationRequest, Company, Habilitation, PendingAct

WAITING = (State.INVITED, State.EXPIRED)


def activation_help(work: Work) -> dict[str, Any]:
    """What each insurer of the brand calls the company's identifier, and where it is printed (S1:63-76)."""
    identifiers = perimeter.brand(work).own.identifier
    return {"insurers": [{"key": key, "name": of.name, "label": of.label, "help": of.help} for key, of in identifiers.items()]}


def companies(work: Work, *, limit: int, after: str | None, search: str | None) -> dict[str, Any]:
    """A page of the actor's companies, each with its establishments and the role held on it."""
    found = perimeter.companies_after(work, after, limit + 1, search)
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
        "role": work.actor.role(company.siren),
        "emits_dsn": company.emits_dsn,
        "activated": company.activated_at is not None,
    }


def scope_requests(work: Work) -> dict[str, Any]:
    """What the actor asked to add to her perimeter, the latest first; a wrong pair, an unknown company and a limit look alike."""
    return {"items": [scope_request(request) for request in requests.own_requests(work)]}


def scope_request(request: ActivationRequest) -> dict[str, Any]:
    """One request, as its asker may know it."""
    state = rules.shown(request.state)
    told = {"id": request.id, "number": request.siret, "asked_at": request.asked_at}
    return told | {"state": state, "state_label": rules.SHOWN[state]}


def habilitations(work: Work, siren: str) -> dict[str, Any]:
    """Who may act for a company (S1:122-146). Raises ``NotFound``, ``Forbidden``."""
    company = perimeter.administered(work, siren)
    return {"items": [habilitation(work, line) for line in access.live_habilitations(work, company)]}


def managed_habilitations(work: Work, *, limit: int, after: UUID | None, siren: str | None) -> dict[str, Any]:
    """A page of « Gestion des habilitations » over all the companies the actor administers, or one of them (S1:146).

    Raises ``Forbidden`` for who administers none, ``NotFound`` for a company that is not hers to manage.
    """
    mine = access.administered(work.actor)
    if not mine:
        raise Forbidden
    if siren is not None and siren not in mine:
        raise NotFound
    found = access.managed_after(work, [siren] if siren else mine, after, limit + 1)
    items = [habilitation(work, line) for line in found[:limit]]
    return {"items": items, "next": str(items[-1]["id"]) if len(found) > limit else None}


def habilitation_of(work: Work, row: Habilitation) -> dict[str, Any]:
    """One habilitation, after something was done to it."""
    work.session.flush()
    return habilitation(work, access.line(work, row))


def habilitation(work: Work, line: access.Line) -> dict[str, Any]:
    """One line of the list: who, where, which right, in which state, and what can be done about it."""
    row, account, company_name = line
    person, state = account or row.invitation, row.state_at(work.now)
    told = ("id", "siren", "account_id", "role", "granted_at", "resumes_on", "ends_on")
    return {name: getattr(row, name) for name in told} | {
        "sees_nir": row.sees_nir or row.role == rules.ADMINISTRATOR,
        "company_name": company_name,
        **{name: getattr(person, name, None) for name in ("first_name", "last_name", "email")},
        "state": state.value,
        "state_label": state.label,
        "invitation_expires_at": row.invitation.expires_at if row.invitation and state in WAITING else None,
        "possible": [{"verb": step.verb.value, "label": step.label} for step in lifecycle.possible(state)],
    }


def acts(work: Work, *, limit: int, after: UUID | None) -> dict[str, Any]:
    """A page of the acts to validate and of those that were, the latest first. Raises ``Forbidden``."""
    deeds.reading(work.actor)
    found = deeds.acts_after(work, after, limit + 1)
    return {"items": [act(work, one) for one in found[:limit]], "next": str(found[limit - 1].id) if len(found) > limit else None}


def act(work: Work, one: PendingAct) -> dict[str, Any]:
    """One act, as a caseworker sees it."""
    state = one.state_at(work.now)
    told = {name: getattr(one, name) for name in ("id", "kind", "siren", "reason", "asked_at", "expires_at", "decided_at")}
    return told | {
        "label": rules.ACTS[one.kind],
        "state": state,
        "state_label": four_eyes.LABELS[state],
        "asked_by_me": one.asked_by == work.actor.account_id,
    }
