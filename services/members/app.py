"""Members, wired."""

from datetime import timedelta

from chassis.service import Service, Task
from services.members.actions.portability import ask_again, give_up, lapse
from services.members.config import MembersBrand
from services.members.models import VAULT, Base
from services.members.routes import DOORS
from services.members.subscribers import SUBSCRIPTIONS
from services.members.tasks import ship

SERVICE = Service(
    name="members",
    title="Assurés et droits",
    package="services.members",
    metadata=Base.metadata,
    vault=VAULT,
    brand=MembersBrand,
    doors=DOORS,
    subscriptions=SUBSCRIPTIONS,
    tasks=(
        Task("portability.lapse", timedelta(minutes=10), lapse),
        Task("portability.ask_again", timedelta(minutes=10), ask_again),
        Task("portability.give_up", timedelta(minutes=10), give_up),
    ),
    ships=ship,
)
