"""An authenticator application instead of SMS, for whoever wants one (ASVS 6.6.1)."""

from typing import Any

from chassis import http
from services.identity.actions import totp
from services.identity.adapters import totp_uri
from services.identity.schemas import parts
from services.identity.schemas import totp as schemas

door = http.Door("totp", __name__, audience=("member", "employer", "caseworker"), description="Application de codes")


@door.post("/me/totp")
@door.arguments(schemas.TotpForm)
@door.response(201, schemas.TotpAnswer)
def begin(form: dict[str, Any]) -> dict[str, str]:
    """Enregistrer une application de codes"""
    secret, account = totp.begin(http.work(), form["password"])
    return {"secret": secret, "uri": totp_uri(secret, account.email or "", http.work().brand.identity.name)}


@door.post("/me/totp/proof")
@door.arguments(parts.CodeForm)
@door.response(200, schemas.RecoveryCodesAnswer)
def prove(form: dict[str, Any]) -> dict[str, Any]:
    """Donner le premier code de l'application, et recevoir les codes de secours"""
    return {"recovery_codes": totp.prove(http.work(), form["code"], http.adapters().read_totp)}


@door.post("/me/totp/removal")
@door.arguments(schemas.TotpRemovalForm)
@door.response(204)
def remove(form: dict[str, Any]) -> None:
    """Retirer l'application de codes"""
    totp.remove(http.work(), form["password"], form["code"], http.adapters().read_totp)
