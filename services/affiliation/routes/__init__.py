"""The HTTP doors of affiliation: the employer's declarations, the follow-up that caseworkers read too, the person's own journey."""

from services.affiliation.routes.declarations import door as declarations
from services.affiliation.routes.declarations import file_door, shared
from services.affiliation.routes.follow_up import caseworkers, employer, keepers, printers, readers
from services.affiliation.routes.journeys import door as journeys

DOORS = (declarations, shared, file_door, employer, keepers, caseworkers, printers, readers, journeys)
