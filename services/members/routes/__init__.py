"""The HTTP doors of members, one per audience."""

from services.members.routes.caseworker import door as caseworker
from services.members.routes.employer import door as employer
from services.members.routes.member import door as member

DOORS = (caseworker, employer, member)
