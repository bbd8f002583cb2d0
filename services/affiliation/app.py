"""The affiliation service, wired."""

from chassis.service import Service
from services.affiliation.config import AffiliationBrand
from services.affiliation.models import VAULT, Base
from services.affiliation.routes import DOORS
from services.affiliation.subscribers import SUBSCRIPTIONS
from services.affiliation.tasks import TASKS

SERVICE = Service(
    name="affiliation",
    title="Affiliations",
    package="services.affiliation",
    metadata=Base.metadata,
    vault=VAULT,
    brand=AffiliationBrand,
    doors=DOORS,
    subscriptions=SUBSCRIPTIONS,
    tasks=TASKS,
    max_body=2_000_000,
)
