"""Opening a space: the password rule, a code, a password (S0:62-100, S1:57-90)."""

import uuid
from typing import Any

from chassis import http
from chassis.labels import _
from services.identity import queries
from services.identity.actions import activations
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas import activation as schemas
from services.identity.schemas import parts

door = VisitorDoor("activation", __name__, description="Première connexion et mot de passe oublié")

MAYBE_SENT = _("Si un compte correspond à cette adresse, un code vient de vous être envoyé. Il est valable 10 minutes.")


@door.get("/password-rule")
@door.response(200, schemas.PasswordRuleAnswer)
def password_rule() -> dict[str, Any]:
    """Règle de mot de passe et conditions générales de l'espace"""
    return queries.password_rule(http.work())


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
