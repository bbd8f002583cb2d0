"""The HTTP doors of members, one per audience."""

from services.members.routes.care import door as care
from services.members.routes.caseworker import door as caseworker
from services.members.routes.contracts import door as contracts
from services.members.routes.declarations import door as declarations
from services.members.routes.declarations import inside as receipts
from services.members.routes.employer import door as employer
from services.members.routes.estimates import door as estimates
from services.members.routes.member import door as member
from services.members.routes.payroll import both as anomalies
from services.members.routes.payroll import employer as payroll
from services.members.routes.radiations import caseworker as radiating_for_employers
from services.members.routes.radiations import employer as radiating
from services.members.routes.radiations import pairs
from services.members.routes.reimbursements import door as reimbursements
from services.members.routes.requests import caseworker as answering
from services.members.routes.requests import member as declaring
from services.members.routes.services import door as services
from services.members.routes.views import door as views

DOORS = (
    anomalies,
    care,
    caseworker,
    contracts,
    declarations,
    employer,
    estimates,
    member,
    payroll,
    radiating,
    radiating_for_employers,
    pairs,
    receipts,
    reimbursements,
    declaring,
    answering,
    views,
    services,
)
