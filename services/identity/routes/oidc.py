"""Coming in through another house (OpenID Connect), where the brand offers it; and what one tied to one's account."""

import uuid
from typing import Any

from chassis import http
from chassis.labels import _
from services.identity import queries
from services.identity.actions import oidc, oidc_links
from services.identity.actions.ports import Provider
from services.identity.errors import ProviderNotOffered, ReturnRefused
from services.identity.routes.doors import VisitorDoor
from services.identity.routes.sign_in import answer, shown
from services.identity.schemas import oidc as schemas
from services.identity.schemas.sign_in import ChallengeAnswer, SignedInAnswer

door = VisitorDoor("oidc", __name__, description="Connexion par un fournisseur d'identité")
own_door = http.Door("own-oidc", __name__, audience=("member", "employer", "caseworker"), description="Mes fournisseurs d'identité")

FIRST_TIME = _(
    "C'est votre première connexion par ce service. Saisissez le mot de passe de votre espace : il ne vous sera plus demandé ensuite."
    " Si votre espace n'est pas encore ouvert, activez-le d'abord."
)


@door.get("/oidc")
@door.response(200, schemas.OidcOfferAnswer)
def offer() -> dict[str, Any]:
    """Le fournisseur d'identité que propose l'espace"""
    return queries.oidc_offer(http.work())


@door.post("/oidc/authorizations")
@door.response(201, schemas.OidcBegunAnswer)
def begin() -> oidc.Begun:
    """Partir chez le fournisseur : l'adresse où envoyer le navigateur, et le ticket qu'il garde"""
    return oidc.begin(http.work(), _provider())


@door.post("/oidc/callbacks")
@door.arguments(schemas.OidcCallbackForm)
@door.response(201, SignedInAnswer)
@door.alt_response(202, schema=ChallengeAnswer, description="Un second facteur est demandé")
@door.alt_response(200, schema=schemas.OidcFirstTimeAnswer, description="Première fois : le mot de passe de l'espace est demandé")
def come_back(form: dict[str, Any]) -> Any:
    """Revenir de chez le fournisseur"""
    attempt_id = _use(form["state"], form["ticket"])
    word = _provider().word(form["code"], form["ticket"], form["iss"])
    opened = oidc.welcome(http.work(), attempt_id, word, form["device"])
    return shown(opened) if opened else answer(schemas.OidcFirstTimeAnswer, {"next": "password", "message": FIRST_TIME}, 200)


@door.post("/oidc/links")
@door.arguments(schemas.OidcLinkForm)
@door.response(201, SignedInAnswer)
@door.alt_response(202, schema=ChallengeAnswer, description="Un second facteur est demandé")
def tie(form: dict[str, Any]) -> Any:
    """La première fois : donner le mot de passe du compte que le fournisseur ouvrira désormais"""
    return shown(oidc.tie(http.work(), form["ticket"], form["password"], form["device"]))


@own_door.get("/me/oidc-links")
@own_door.response(200, schemas.OidcLinksAnswer)
def list_links() -> dict[str, Any]:
    """Les fournisseurs d'identité qui ouvrent mon compte"""
    return queries.oidc_links(http.work())


@own_door.delete("/me/oidc-links/<uuid:link_id>")
@own_door.response(204)
def untie(link_id: uuid.UUID) -> None:
    """Ne plus laisser un fournisseur ouvrir mon compte"""
    oidc_links.untie(http.work(), link_id)


def _provider() -> Provider:
    """The provider of the visitor's space. Raises ``ProviderNotOffered``."""
    work = http.work()
    found: Provider | None = http.adapters().providers.get((work.brand_key, work.actor.space))
    if found is None:
        raise ProviderNotOffered
    return found


def _use(state: str, ticket: str) -> uuid.UUID:
    """In a work of its own: an attempt is over whatever comes next, and no connection waits while the provider is asked."""
    with http.running().working(http.work().actor) as apart:
        attempt_id = oidc.use(apart, state, ticket)
    if attempt_id is None:
        raise ReturnRefused
    return attempt_id
