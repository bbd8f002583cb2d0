"""Activation of a company's space (S1:57-90): asked by anybody, resolved afterwards, proven by the contact on file."""

from typing import Any

from chassis import inbox
from chassis.problems import TooMany
from events import employers as facts
from events import seal
from events.fact import Sealed
from events.identity import AccountActivated
from services.employers import rules
from services.employers.access import activation, companies
from services.employers.actions import habilitations
from services.employers.config import Work
from services.employers.models import VAULT, ActivationRequest, ActivationTry, Company, fingerprint


def ask_activation(work: Work, form: dict[str, Any]) -> ActivationRequest:
    """A visitor asks for her company's space (S1:57-68): written down, resolved a moment later, answered the same. Raises ``TooMany``."""
    brand = companies.brand(work)
    count_try(work, f"network:{rules.network(work.actor.address)}")
    request = ActivationRequest(
        brand=brand.identity.key,
        siret=form["siret"],
        identifier_fingerprint=fingerprint(form["siret"], form["identifier"]),
        first_name=form["first_name"],
        last_name=form["last_name"],
        email=form["email"],
        phone=form.get("phone"),
        asked_at=work.now,
    )
    work.session.add(request)
    work.session.flush()
    inbox.wake(work)
    return request


def count_try(work: Work, who: str) -> None:
    """Count one try of a network, or of an account. Raises ``TooMany``."""
    asker = VAULT.fingerprint(who)
    number, first = activation.tries_since(work, asker, work.now - rules.NETWORK_WINDOW)
    if first is not None and number >= companies.brand(work).own.activation.tries_per_network:
        raise TooMany(retry_after=1 + int((first + rules.NETWORK_WINDOW - work.now).total_seconds()))
    work.session.add(ActivationTry(network=asker, tried_at=work.now))


def resolve_activation(work: Work) -> bool:
    """Decide on the oldest waiting request; the asker learns nothing, the contact on file gets a code when the pair is right.

    Returns whether there was one.
    """
    request = activation.next_waiting(work)
    if request is None:
        return False
    company = activation.company_of_number(work, request.siret, request.brand)
    state = _outcome(work, request, company)
    branded = work.for_brand(request.brand)
    if company is not None and request.asked_by and state == "already_active":
        state = habilitations.request(branded, company, request.asked_by)
    if company is not None and state == "asked":
        branded.emit(_asked(request, company))
    request.become(state)
    branded.audit(f"activation.{state}", f"activation:{request.id}", siret=request.siret)
    return True


def _outcome(work: Work, request: ActivationRequest, company: Company | None) -> rules.State:
    brand = work.brands.get(request.brand)
    if brand is None:  # the brand left the platform while the request waited
        return "blocked"
    return rules.outcome(
        right=company is not None and company.recognises(request.identifier_fingerprint),
        active=company is not None and habilitations.is_kept(work, company),
        tries=activation.tries_on(work, request.siren, request.asked_by),
        wrong_limit=brand.own.activation.wrong_pairs_per_siret,
        own_limit=brand.own.add_scope.wrong_pairs_per_account,
        codes_limit=brand.own.activation.codes_per_siret,
    )


def _asked(request: ActivationRequest, company: Company) -> facts.ActivationRequested:
    """What identity needs to prove the contact; the postal address travels only when there is no e-mail to write to."""
    return facts.ActivationRequested(
        activation_id=request.id,
        siren=company.siren,
        first_name=Sealed(request.first_name or ""),
        last_name=Sealed(request.last_name or ""),
        email=Sealed(request.email or ""),
        phone=seal(request.phone),
        contact_email=seal(company.contact_email),
        contact_address=seal(None if company.contact_email else company.contact_address),
    )


def activate(work: Work, fact: AccountActivated) -> None:
    """The contact's code was proven and a password chosen: the account administers the company (S1:90, S1:122).

    Nothing happens for an activation that is not ours, was not asked for that company, or made another account; nor once two caseworkers
    shut the company, whose contact is perhaps not itself any more.
    """
    siren = fact.reference.removeprefix("company:")
    request = activation.request_in_progress(work, fact.activation_id, siren)
    if request is None or (request.account_id or request.asked_by) not in (None, fact.account_id):
        work.audit("activation.unknown", f"account:{fact.account_id}", activation=str(fact.activation_id))
        return
    company = activation.company_to_activate(work, siren)
    if company.shut_at is not None:
        work.audit("activation.shut", f"account:{fact.account_id}", siren=siren)
        return
    company.activated_at = company.activated_at or work.now
    request.account_id = fact.account_id
    request.become("used")
    habilitations.know_account(work, fact)
    habilitations.grant(work, fact.account_id, company, rules.ADMINISTRATOR)


def forget(work: Work) -> None:
    """Delete activation requests and tries that have had their time."""
    activation.forget_before(work, requests_before=work.now - rules.KEPT_FOR, tries_before=work.now - rules.NETWORK_WINDOW)
