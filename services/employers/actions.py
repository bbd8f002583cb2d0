"""What one can do with employers: register companies and establishments, ask for an activation, resolve it, activate."""

from typing import Any
from uuid import UUID

from chassis import inbox
from chassis.problems import TooMany
from events import employers as facts
from events import opened, seal
from events.employers import Role
from events.fact import Sealed
from events.identity import AccountActivated
from services.employers import access, errors, rules
from services.employers.config import Activation, Work
from services.employers.models import VAULT, Account, ActivationRequest, ActivationTry, Company, Establishment, Habilitation, fingerprint

ADMINISTRATOR: Role = "administrator"


def register_company(work: Work, form: dict[str, Any]) -> Company:
    """A caseworker adds a company to the portfolio. Raises ``AlreadyRegistered``, ``Invalid``."""
    access.keeping_the_portfolio(work.actor)
    brand_key = form.get("brand") or work.brand_key
    _check_company(work, brand_key, form)
    company = Company(
        siren=form["siren"],
        brand=brand_key,
        name=form["name"],
        insurer=form["insurer"],
        identifier=form["identifier"],
        identifier_fingerprint=fingerprint(form["siren"], form["identifier"]),
        contact_email=form.get("contact_email"),
        contact_address=form.get("contact_address"),
        emits_dsn=form["emits_dsn"],
        registered_at=work.now,
    )
    work.session.add(company)
    work.session.flush()
    work.for_brand(brand_key).emit(
        facts.CompanyRegistered(siren=company.siren, company_name=company.name, insurer=company.insurer, emits_dsn=company.emits_dsn)
    )
    work.audit("company.registered", f"company:{company.siren}", insurer=company.insurer, emits_dsn=company.emits_dsn)
    return company


def _check_company(work: Work, brand_key: str, form: dict[str, Any]) -> None:
    brand = work.brands.get(brand_key)
    if brand is None:
        raise errors.unknown_brand()
    if form["insurer"] not in brand.own.identifier:
        raise errors.unknown_insurer()
    if len(rules.identifier(form["identifier"])) < rules.IDENTIFIER_MIN:
        raise errors.unreadable_identifier()
    if not (form.get("contact_email") or form.get("contact_address")):
        raise errors.no_contact()
    if work.session.get(Company, form["siren"]) is not None:
        raise errors.AlreadyRegistered


def add_establishment(work: Work, siren: str, form: dict[str, Any]) -> Establishment:
    """A caseworker adds an establishment to a company. Raises ``NotFound``, ``AlreadyRegistered``, ``Invalid``."""
    access.keeping_the_portfolio(work.actor)
    company = access.company(work, siren)
    if form["siret"][:9] != siren:
        raise errors.foreign_establishment()
    if work.session.get(Establishment, form["siret"]) is not None:
        raise errors.AlreadyRegistered
    establishment = Establishment(siret=form["siret"], siren=siren, name=form["name"], registered_at=work.now)
    work.session.add(establishment)
    work.session.flush()
    told = facts.EstablishmentRegistered(siret=establishment.siret, siren=siren, establishment_name=establishment.name)
    work.for_brand(company.brand).emit(told)
    work.audit("establishment.registered", f"company:{siren}", siret=establishment.siret)
    return establishment


def ask_activation(work: Work, form: dict[str, Any]) -> ActivationRequest:
    """A visitor asks for her company's space (S1:57-68): written down, resolved a moment later, answered the same. Raises ``TooMany``."""
    brand = access.brand(work)
    _count_try(work, brand.own.activation)
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


def _count_try(work: Work, limits: Activation) -> None:
    network = VAULT.fingerprint(f"network:{rules.network(work.actor.address)}")
    number, first = access.tries_since(work, network, work.now - rules.NETWORK_WINDOW)
    if first is not None and number >= limits.tries_per_network:
        raise TooMany(retry_after=1 + int((first + rules.NETWORK_WINDOW - work.now).total_seconds()))
    work.session.add(ActivationTry(network=network, tried_at=work.now))


def resolve_activation(work: Work) -> bool:
    """Decide on the oldest waiting request; the asker learns nothing, the contact on file gets a code when the pair is right.

    Returns whether there was one.
    """
    request = access.next_waiting(work)
    if request is None:
        return False
    company = access.company_of_establishment(work, request.siret, request.brand)
    state = _outcome(work, request, company)
    branded = work.for_brand(request.brand)
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
        active=company is not None and company.activated_at is not None,
        tries=access.tries_on(work, request.siret),
        wrong_limit=brand.own.activation.wrong_pairs_per_siret,
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

    Nothing happens for an activation that is not ours, was not asked for that company, or made another account.
    """
    siren = fact.reference.removeprefix("company:")
    request = access.request_in_progress(work, fact.activation_id, siren)
    if request is None or request.account_id not in (None, fact.account_id):
        work.audit("activation.unknown", f"account:{fact.account_id}", activation=str(fact.activation_id))
        return
    company = access.company_to_activate(work, siren)
    company.activated_at = company.activated_at or work.now
    request.account_id = fact.account_id
    request.become("used")
    know_account(work, fact)
    grant(work, fact.account_id, company, ADMINISTRATOR)


def know_account(work: Work, fact: AccountActivated) -> None:
    """Keep the name of an account for the list of habilitations."""
    known = {"first_name": fact.first_name, "last_name": fact.last_name, "email": fact.email}
    work.session.merge(Account(id=fact.account_id, **{name: opened(value) for name, value in known.items()}))


def grant(work: Work, account_id: UUID, company: Company, role: Role) -> None:
    """Let an account act for a company; harmless when it does already."""
    if access.live_habilitation(work, account_id, company.siren) is not None:
        return
    work.session.add(Habilitation(account_id=account_id, siren=company.siren, role=role, granted_at=work.now))
    work.session.flush()
    branded = work.for_brand(company.brand)
    branded.emit(facts.HabilitationGranted(account_id=account_id, siren=company.siren, role=role))
    branded.audit("habilitation.granted", f"account:{account_id}", siren=company.siren, role=role)


def forget(work: Work) -> None:
    """Delete activation requests and tries that have had their time."""
    access.forget_before(work, requests_before=work.now - rules.KEPT_FOR, tries_before=work.now - rules.NETWORK_WINDOW)
