"""Following an invitation: the link is read without being used, then used once, by whoever proves who they are (S1:141)."""

from typing import Any

from chassis import http
from services.identity.actions import invitations
from services.identity.adapters import totp_uri
from services.identity.routes.doors import VisitorDoor
from services.identity.schemas import invitations as schemas
from services.identity.schemas.activation import AccountAnswer

door = VisitorDoor("invitations", __name__, description="Invitation reçue par e-mail")


@door.post("/invitations/reading")
@door.arguments(schemas.InvitationLinkForm)
@door.response(200, schemas.ShownInvitationAnswer)
def show(form: dict[str, Any]) -> dict[str, Any]:
    """Lire une invitation, sans l'utiliser"""
    work = http.work()
    shown = invitations.show(work, form["token"])
    return vars(shown) | {"authenticator": _authenticator(shown, work.brand.identity.name)}


@door.post("/invitations/acceptance")
@door.arguments(schemas.AcceptanceForm)
@door.response(201, AccountAnswer)
def accept(form: dict[str, Any]) -> dict[str, Any]:
    """Accepter une invitation : créer son mot de passe, ou donner le sien si l'on a déjà un compte"""
    return {"account_id": invitations.accept(http.work(), form, http.adapters().read_totp).id}


def _authenticator(shown: invitations.Shown, issuer: str) -> dict[str, str] | None:
    return {"secret": shown.secret, "uri": totp_uri(shown.secret, shown.email, issuer)} if shown.secret else None
