"""The HTTP door of employers: activation for everyone, the portfolio for caseworkers, their companies for employers."""

from typing import Any

from chassis import http
from chassis.labels import _
from services.employers import queries, schemas
from services.employers.actions import activation
from services.employers.actions import portfolio as keeping
from services.employers.models import Company, Establishment

ASKED = _(
    "Si ces informations correspondent à une entreprise dont l'espace reste à activer, un code part au contact que nous connaissons :"
    " par e-mail, ou par courrier si nous n'avons pas d'adresse e-mail."
)
SIREN = "<string(length=9):siren>"

everyone = http.Door("employer_activation", __name__, audience=(http.EVERYONE,))
portfolio = http.Door("portfolio", __name__, audience=("caseworker",))
companies = http.Door("companies", __name__, audience=("employer", "caseworker"))
DOORS = (everyone, portfolio, companies)


@everyone.get("/activation-help")
@everyone.response(200, schemas.ActivationHelp)
def help_activation() -> dict[str, Any]:
    """Où trouver l'identifiant de l'entreprise, assureur par assureur"""
    return queries.activation_help(http.work())


@everyone.post("/activations")
@everyone.creating
@everyone.arguments(schemas.NewEmployerActivation)
@everyone.response(202, schemas.EmployerActivation, description="Même réponse que l'entreprise soit connue ou non.")
def ask_activation(form: dict[str, Any]) -> dict[str, Any]:
    """Demander l'activation de l'espace d'une entreprise"""
    request = activation.ask_activation(http.work(), form)
    return {"id": request.id, "message": ASKED}


@portfolio.post("/companies")
@portfolio.creating
@portfolio.arguments(schemas.NewCompany)
@portfolio.response(201, schemas.CompanyRegistration)
def register_company(form: dict[str, Any]) -> Company:
    """Enregistrer une entreprise"""
    return keeping.register_company(http.work(), form)


@portfolio.post(f"/companies/{SIREN}/establishments")
@portfolio.creating
@portfolio.arguments(schemas.NewEstablishment)
@portfolio.response(201, schemas.EstablishmentAnswer)
def add_establishment(form: dict[str, Any], siren: str) -> Establishment:
    """Enregistrer un établissement"""
    return keeping.add_establishment(http.work(), siren, form)


@companies.get("/companies")
@companies.arguments(http.PageQuery, location="query")
@companies.response(200, schemas.CompanyPage)
def list_companies(page: dict[str, Any]) -> dict[str, Any]:
    """Les entreprises de mon périmètre et leurs établissements"""
    return queries.companies(http.work(), **page)


@companies.get(f"/companies/{SIREN}/habilitations")
@companies.response(200, schemas.HabilitationList)
def list_habilitations(siren: str) -> dict[str, Any]:
    """Qui peut agir pour une entreprise"""
    return queries.habilitations(http.work(), siren)
