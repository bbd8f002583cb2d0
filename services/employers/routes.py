"""The HTTP door of employers: activation for everyone, the portfolio for caseworkers, their companies for employers."""

from typing import Any
from uuid import UUID

from chassis import http
from chassis.labels import _
from services.employers import queries, schemas
from services.employers.actions import activation, acts, habilitations, invitations, scope
from services.employers.actions import portfolio as keeping
from services.employers.models import Company, Establishment, Invitation

ASKED = _(
    "Si ces informations correspondent à une entreprise dont l'espace reste à activer, un code part au contact que nous connaissons :"
    " par e-mail, ou par courrier si nous n'avons pas d'adresse e-mail."
)
SIREN = "<string(length=9):siren>"
ID = "<uuid:habilitation_id>"

everyone = http.Door("employer_activation", __name__, audience=(http.EVERYONE,))
portfolio = http.Door("portfolio", __name__, audience=("caseworker",))
companies = http.Door("companies", __name__, audience=("employer", "caseworker"))
managers = http.Door("habilitations", __name__, audience=("employer",), description="Mes habilitations")
perimeter = http.Door("perimeter", __name__, audience=("employer",), description="Mon périmètre")
pairs = http.Door("acts", __name__, audience=("caseworker",), description="Actes à valider par une seconde personne")
DOORS = (everyone, portfolio, companies, managers, perimeter, pairs)


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
@companies.arguments(schemas.CompanyQuery, location="query")
@companies.response(200, schemas.CompanyPage)
def list_companies(page: dict[str, Any]) -> dict[str, Any]:
    """Les entreprises de mon périmètre et leurs établissements"""
    return queries.companies(http.work(), **page)


@companies.get(f"/companies/{SIREN}/habilitations")
@companies.response(200, schemas.HabilitationList)
def list_habilitations(siren: str) -> dict[str, Any]:
    """Qui peut agir pour une entreprise"""
    return queries.habilitations(http.work(), siren)


@managers.get("/habilitations")
@managers.arguments(schemas.HabilitationQuery, location="query")
@managers.response(200, schemas.HabilitationPage)
def list_managed(page: dict[str, Any]) -> dict[str, Any]:
    """Gestion des habilitations : qui peut agir pour les entreprises que j'administre"""
    return queries.managed_habilitations(http.work(), **page)


@managers.post("/invitations")
@managers.creating
@managers.arguments(schemas.NewInvitation)
@managers.response(201, schemas.InvitationAnswer, description="Un lien part par e-mail")
@managers.sensitive
def invite(form: dict[str, Any]) -> Invitation:
    """Ajouter un utilisateur à mon espace entreprise"""
    return invitations.invite(http.work(), form)


@managers.post(f"/habilitations/{ID}/link")
@managers.creating
@managers.response(200, schemas.HabilitationAnswer)
@managers.sensitive
def resend(habilitation_id: UUID) -> dict[str, Any]:
    """Renvoyer le lien de création de mot de passe"""
    work = http.work()
    return queries.habilitation_of(work, invitations.resend(work, habilitation_id))


@managers.put(f"/habilitations/{ID}")
@managers.arguments(schemas.HabilitationEdit)
@managers.response(200, schemas.HabilitationAnswer)
@managers.sensitive
def edit(form: dict[str, Any], habilitation_id: UUID) -> dict[str, Any]:
    """Modifier le profil d'un utilisateur"""
    work = http.work()
    return queries.habilitation_of(work, habilitations.edit(work, habilitation_id, **form))


@managers.post(f"/habilitations/{ID}/suspension")
@managers.arguments(schemas.Suspension)
@managers.response(200, schemas.HabilitationAnswer)
@managers.sensitive
def suspend(form: dict[str, Any], habilitation_id: UUID) -> dict[str, Any]:
    """Désactiver un accès, jusqu'à une date ou jusqu'à nouvel ordre"""
    work = http.work()
    return queries.habilitation_of(work, habilitations.suspend(work, habilitation_id, **form))


@managers.post(f"/habilitations/{ID}/reactivation")
@managers.response(200, schemas.HabilitationAnswer)
@managers.sensitive
def reactivate(habilitation_id: UUID) -> dict[str, Any]:
    """Réactiver un accès"""
    work = http.work()
    return queries.habilitation_of(work, habilitations.reactivate(work, habilitation_id))


@managers.post(f"/habilitations/{ID}/approval")
@managers.response(200, schemas.HabilitationAnswer)
@managers.sensitive
def approve(habilitation_id: UUID) -> dict[str, Any]:
    """Approuver une demande d'accès"""
    work = http.work()
    return queries.habilitation_of(work, habilitations.approve(work, habilitation_id))


@managers.delete(f"/habilitations/{ID}")
@managers.response(204)
@managers.sensitive
def revoke(habilitation_id: UUID) -> None:
    """Retirer un accès, une invitation ou une demande"""
    habilitations.revoke(http.work(), habilitation_id)


@perimeter.post("/scope-requests")
@perimeter.creating
@perimeter.arguments(schemas.NewScopeRequest)
@perimeter.response(202, schemas.ScopeRequestAnswer, description="Même réponse que l'entreprise soit connue ou non.")
@perimeter.sensitive
def ask_scope(form: dict[str, Any]) -> dict[str, Any]:
    """Ajouter un établissement au périmètre suivi"""
    return queries.scope_request(scope.ask(http.work(), form))


@perimeter.get("/scope-requests")
@perimeter.response(200, schemas.ScopeRequestList)
def list_scope_requests() -> dict[str, Any]:
    """Mes demandes d'ajout au périmètre suivi"""
    return queries.scope_requests(http.work())


@pairs.get("/acts")
@pairs.arguments(http.PageById, location="query")
@pairs.response(200, schemas.ActPage)
def list_acts(page: dict[str, Any]) -> dict[str, Any]:
    """Les actes à valider et ceux qui l'ont été"""
    return queries.acts(http.work(), **page)


@pairs.post("/acts")
@pairs.creating
@pairs.arguments(schemas.NewAct)
@pairs.response(201, schemas.ActAnswer, description="Rien ne change avant qu'une autre personne ne valide")
def ask_act(form: dict[str, Any]) -> dict[str, Any]:
    """Demander un acte sur toute une entreprise"""
    work = http.work()
    return queries.act(work, acts.ask(work, **form))


@pairs.post("/acts/<uuid:act_id>/approval")
@pairs.response(200, schemas.ActAnswer)
def approve_act(act_id: UUID) -> dict[str, Any]:
    """Valider l'acte demandé par une autre personne : il est exécuté"""
    work = http.work()
    return queries.act(work, acts.approve(work, act_id))


@pairs.post("/acts/<uuid:act_id>/refusal")
@pairs.response(200, schemas.ActAnswer)
def refuse_act(act_id: UUID) -> dict[str, Any]:
    """Refuser un acte, ou renoncer au sien"""
    work = http.work()
    return queries.act(work, acts.refuse(work, act_id))
