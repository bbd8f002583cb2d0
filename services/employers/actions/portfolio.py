"""The portfolio that caseworkers keep: companies and their establishments."""

from typing import Any

from events import employers as facts
from services.employers import errors, rules
from services.employers.access import companies
from services.employers.config import Work
from services.employers.models import Company, Establishment, fingerprint


def register_company(work: Work, form: dict[str, Any]) -> Company:
    """A caseworker adds a company to the portfolio. Raises ``AlreadyRegistered``, ``Invalid``."""
    companies.keeping_the_portfolio(work.actor)
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
    companies.keeping_the_portfolio(work.actor)
    company = companies.company(work, siren)
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
