"""The HTTP doors of identity: visitors on their way in, people signed in, and the edge."""

from services.identity.routes.access import door as access_door
from services.identity.routes.activation import door as activation_door
from services.identity.routes.caseworkers import door as caseworkers_door
from services.identity.routes.consents import door as consents_door
from services.identity.routes.copies import door as copies_door
from services.identity.routes.deletion import door as deletion_door
from services.identity.routes.devices import door as devices_door
from services.identity.routes.edge import door as edge_door
from services.identity.routes.edge import keys_door
from services.identity.routes.invitations import door as invitations_door
from services.identity.routes.mobile import door as mobile_door
from services.identity.routes.mobile import refresh_door
from services.identity.routes.oidc import door as oidc_door
from services.identity.routes.oidc import own_door as own_oidc_door
from services.identity.routes.own import door as own_door
from services.identity.routes.passwords import door as passwords_door
from services.identity.routes.passwords import own_door as own_password_door
from services.identity.routes.profile import door as profile_door
from services.identity.routes.profile import objection_door
from services.identity.routes.sign_in import door as sign_in_door
from services.identity.routes.terms import door as terms_door
from services.identity.routes.totp import door as totp_door

DOORS = (
    activation_door,
    passwords_door,
    sign_in_door,
    oidc_door,
    access_door,
    invitations_door,
    caseworkers_door,
    own_door,
    own_password_door,
    terms_door,
    totp_door,
    own_oidc_door,
    devices_door,
    profile_door,
    objection_door,
    consents_door,
    copies_door,
    deletion_door,
    mobile_door,
    refresh_door,
    edge_door,
    keys_door,
)
