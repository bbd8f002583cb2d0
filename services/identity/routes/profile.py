"""The e-mail and the phone of one's own account (S0:275-281, S1:158): read, changed with a code, undone by whoever was there before."""

import uuid
from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import profile
from services.identity.models import ContactChange
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas.parts import CodeForm
from services.identity.schemas.profile import ChangeAnswer, EmailForm, ObjectionForm, PhoneForm, ProfileAnswer

door = http.Door("profile", __name__, audience=("member", "employer", "caseworker"), description="Mon profil")
objection_door = VisitorDoor("objections", __name__, description="Mon profil")


@door.get("/profile")
@door.response(200, ProfileAnswer)
def show() -> dict[str, Any]:
    """Mes coordonnées, et celles qui attendent leur code"""
    return queries.profile(http.work())


@door.post("/profile/email")
@door.creating
@door.arguments(EmailForm)
@door.response(202, ChangeAnswer)
@door.sensitive
def change_email(form: dict[str, Any]) -> dict[str, Any]:
    """Changer d'adresse e-mail : un code part à la nouvelle"""
    return _asked(profile.ask_email(http.work(), form["email"], form["password"]))


@door.post("/profile/phone")
@door.creating
@door.arguments(PhoneForm)
@door.response(202, ChangeAnswer)
@door.sensitive
def change_phone(form: dict[str, Any]) -> dict[str, Any]:
    """Changer de téléphone mobile : un code part au nouveau"""
    return _asked(profile.ask_phone(http.work(), form["phone"], form["password"]))


@door.post("/profile/changes/<uuid:change_id>/proof")
@door.arguments(CodeForm)
@door.response(200, ProfileAnswer)
@door.sensitive
def confirm(form: dict[str, Any], change_id: uuid.UUID) -> dict[str, Any]:
    """Donner le code : la nouvelle coordonnée remplace l'ancienne, qui en est prévenue"""
    profile.confirm(http.work(), change_id, form["code"])
    return queries.profile(http.work())


@objection_door.post("/objections")
@objection_door.arguments(ObjectionForm)
@objection_door.response(204)
def object_to(form: dict[str, Any]) -> None:
    """« Ce n'est pas moi » : défaire un changement d'e-mail ou de téléphone avec le lien reçu"""
    profile.object_to(http.work(), form["token"])


def _asked(change: ContactChange) -> dict[str, Any]:
    return {"change_id": change.id, "sent_to_hint": profile.masked(change)}
