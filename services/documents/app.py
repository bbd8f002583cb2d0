"""The wiring of documents."""

from datetime import timedelta

from chassis.service import Service, Task
from services.documents import tasks
from services.documents.adapters import make_adapters
from services.documents.config import FILE_MAX, DocumentsBrand, DocumentsSettings
from services.documents.models import VAULT, Base
from services.documents.routes import DOORS, ENVELOPE
from services.documents.subscribers import SUBSCRIPTIONS

SERVICE = Service(
    name="documents",
    title="Documents",
    package="services.documents",
    metadata=Base.metadata,
    vault=VAULT,
    settings=DocumentsSettings,
    brand=DocumentsBrand,
    doors=DOORS,
    subscriptions=SUBSCRIPTIONS,
    tasks=(
        Task("scan", timedelta(0), tasks.scan),  # whenever the worker is woken
        Task("assemble", timedelta(0), tasks.assemble),
        Task("expire", timedelta(minutes=10), tasks.expire),
        Task("sweep", timedelta(minutes=10), tasks.sweep),
        Task("forget-late", timedelta(hours=1), tasks.forget_late),
    ),
    pings={"store": lambda adapters: adapters.store.ping(), "antivirus": lambda adapters: adapters.scanner.ping()},
    adapters=make_adapters,
    max_body=FILE_MAX + ENVELOPE,
)
