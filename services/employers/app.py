"""The wiring of employers."""

from datetime import timedelta

from chassis.copies import giving
from chassis.service import Service, Task
from events.employers import EmployersPart
from events.identity import AccountActivated, AccountDeleted, ContactChanged, CopyAsked
from services.employers import tasks
from services.employers.actions import copies
from services.employers.config import EmployersBrand
from services.employers.models import VAULT, Base
from services.employers.routes import DOORS
from services.employers.subscribers import on_account_activated, on_account_deleted, on_contact_changed

SERVICE = Service(
    name="employers",
    title="Entreprises et habilitations",
    package="services.employers",
    metadata=Base.metadata,
    vault=VAULT,
    brand=EmployersBrand,
    doors=DOORS,
    subscriptions={
        AccountActivated: on_account_activated,
        AccountDeleted: on_account_deleted,
        ContactChanged: on_contact_changed,
        CopyAsked: giving(EmployersPart, copies.gather),
    },
    tasks=(
        Task("resolve-activations", timedelta(0), tasks.resolve_activations),  # whenever the worker is woken
        Task("let-time-pass", timedelta(minutes=1), tasks.let_time_pass),
        Task("forget", timedelta(hours=1), tasks.forget),
    ),
)
