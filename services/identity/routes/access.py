"""An applicant's way in: the link or letter code once, then codes to the e-mail given (S1:210-231)."""

import uuid
from typing import Any

from chassis import http
from chassis.labels import _
from services.identity.actions import applicants
from services.identity.actions.sessions import SignedIn
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas import access as schemas
from services.identity.schemas import parts

door = VisitorDoor("access", __name__, description="Accès au formulaire d'affiliation")

MAYBE_SENT = _("Si un dossier d'affiliation correspond à cette adresse, un code vient de vous être envoyé. Il est valable 10 minutes.")


@door.post("/access")
@door.arguments(schemas.LinkForm)
@door.response(201, schemas.ApplicantSessionAnswer)
def enter(form: dict[str, Any]) -> SignedIn:
    """Ouvrir le formulaire avec le lien reçu par e-mail ou le code du courrier"""
    return applicants.enter(http.work(), form["token"])


@door.post("/access/codes")
@door.creating
@door.arguments(schemas.AccessCodeForm)
@door.response(202, schemas.AccessCodeAnswer)
def ask_code(form: dict[str, Any]) -> dict[str, Any]:
    """Demander un code pour revenir à son formulaire"""
    request = applicants.ask_code(http.work(), form["email"])
    http.work().session.flush()
    return {"access_id": request.id, "message": MAYBE_SENT}


@door.post("/access/codes/<uuid:access_id>/proof")
@door.arguments(parts.CodeForm)
@door.response(201, schemas.ApplicantSessionAnswer)
def come_back(form: dict[str, Any], access_id: uuid.UUID) -> SignedIn:
    """Donner le code pour revenir à son formulaire"""
    return applicants.come_back(http.work(), access_id, form["code"])
