"""Opening a space: a code and a password (S0:62-100, S1:57-90), or a form and a code (S2:7-24)."""

import uuid
from typing import Any

from chassis import http
from chassis.labels import _
from services.identity.actions import activations, openings
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas import activation as schemas
from services.identity.schemas import parts

door = VisitorDoor("activation", __name__, description="Première connexion")

MAYBE_SENT = _("Si un compte correspond à cette adresse, un code vient de vous être envoyé. Il est valable 10 minutes.")
MAYBE_RECOGNISED = _(
    "Si ces informations correspondent à un contrat dont l'espace reste à ouvrir, un code vient de vous être envoyé par e-mail :"
    " pensez à vérifier vos courriers indésirables. Sinon, vérifiez-les, ou appelez le numéro indiqué sur votre contrat."
)


@door.post("/activations")
@door.creating
@door.arguments(schemas.ActivationForm)
@door.response(202, schemas.ActivationAnswer)
def ask(form: dict[str, Any]) -> dict[str, Any]:
    """Demander un code d'activation"""
    activation = activations.ask(http.work(), form["email"], form["channel"])
    http.work().session.flush()
    return {"activation_id": activation.id, "message": MAYBE_SENT}


@door.post("/activations/<uuid:activation_id>/proof")
@door.arguments(parts.CodeForm)
@door.response(200, schemas.ProofAnswer)
def prove(form: dict[str, Any], activation_id: uuid.UUID) -> activations.Proved:
    """Donner le code d'activation"""
    return activations.prove(http.work(), activation_id, form["code"])


@door.post("/activations/<uuid:activation_id>/password")
@door.creating
@door.arguments(schemas.PasswordForm)
@door.response(201, schemas.AccountAnswer)
def choose_password(form: dict[str, Any], activation_id: uuid.UUID) -> dict[str, Any]:
    """Choisir le mot de passe et accepter les conditions générales"""
    return {"account_id": activations.finish(http.work(), activation_id, **form).id}


@door.post("/openings")
@door.creating
@door.arguments(schemas.OpeningForm)
@door.response(202, schemas.OpeningAnswer)
def open_with_form(form: dict[str, Any]) -> dict[str, Any]:
    """Créer son espace avec son nom, son numéro de contrat et sa date de naissance"""
    return {"opening_id": openings.ask(http.work(), form).id, "message": MAYBE_RECOGNISED}


@door.post("/openings/<uuid:opening_id>/confirmation")
@door.creating
@door.arguments(parts.CodeForm)
@door.response(201, schemas.AccountAnswer)
def confirm(form: dict[str, Any], opening_id: uuid.UUID) -> dict[str, Any]:
    """Confirmer la création de son espace avec le code reçu par e-mail"""
    return {"account_id": openings.confirm(http.work(), opening_id, form["code"]).id}
