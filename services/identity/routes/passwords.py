"""Passwords: the rule of a space, checked while one types; forgotten and chosen again by a link (S2:43), changed by who knows it."""

from typing import Any

from chassis import http
from chassis.labels import _
from services.identity import queries
from services.identity.actions import passwords
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas import passwords as schemas

door = VisitorDoor("passwords", __name__, description="Mots de passe")
own_door = http.Door("own-password", __name__, audience=("member", "employer", "caseworker"), description="Mon mot de passe")

MAYBE_SENT = _(
    "Si un compte correspond à cette adresse, un lien pour choisir un nouveau mot de passe vient de lui être envoyé."
    " Il est valable 30 minutes."
)


@door.get("/password-rule")
@door.response(200, schemas.PasswordRuleAnswer)
def password_rule() -> dict[str, Any]:
    """Règle de mot de passe, conditions générales et façon d'ouvrir l'espace"""
    return queries.password_rule(http.work())


@door.post("/password-checks")
@door.arguments(schemas.PasswordCheckForm)
@door.response(200, schemas.PasswordCheckAnswer)
def check(form: dict[str, Any]) -> dict[str, Any]:
    """Vérifier un mot de passe pendant la saisie, critère par critère"""
    passwords.count_check(http.work())
    return queries.password_check(http.work(), **form)


@door.post("/password-resets")
@door.creating
@door.arguments(schemas.ForgottenForm)
@door.response(202, schemas.ForgottenAnswer)
def forget(form: dict[str, Any]) -> dict[str, Any]:
    """Demander un lien pour choisir un nouveau mot de passe"""
    passwords.ask_reset(http.work(), form["email"])
    return {"message": MAYBE_SENT}


@door.post("/password-resets/use")
@door.arguments(schemas.ResetForm)
@door.response(204)
def reset(form: dict[str, Any]) -> None:
    """Choisir un nouveau mot de passe avec le lien reçu"""
    passwords.reset(http.work(), form, http.adapters().read_totp)


@own_door.put("/me/password")
@own_door.arguments(schemas.PasswordChangeForm)
@own_door.response(204)
def change(form: dict[str, Any]) -> None:
    """Changer son mot de passe"""
    passwords.change(http.work(), form["current_password"], form["password"])
