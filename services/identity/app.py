"""Identity, wired."""

from datetime import timedelta
from typing import Any

from chassis.service import Service, Task
from services.identity.actions import activations, applicants, deletion, passwords, upkeep
from services.identity.adapters import Adapters, make_adapters
from services.identity.config import IdentityBrand, IdentitySettings, IdentityWork
from services.identity.models import VAULT, Base
from services.identity.routes import DOORS
from services.identity.subscribers import SUBSCRIPTIONS

OFTEN = timedelta(milliseconds=50)
"""Requests wake the worker by themselves; this is only how soon one that was missed is seen again."""


def resolve(work: IdentityWork, _adapters: Adapters) -> int:
    """Look into one activation, one forgotten password and one applicant's request; called again while there are some."""
    return activations.resolve_next(work) + passwords.resolve_next(work) + applicants.resolve_next(work)


def erase(work: IdentityWork, _adapters: Any) -> int:
    """Erase one account that was deleted; called again while there are some."""
    return deletion.erase_next(work)


def forget(work: IdentityWork, _adapters: Any) -> int:
    """Delete what is over."""
    return upkeep.forget(work)


SERVICE = Service(
    name="identity",
    title="Identité",
    package="services.identity",
    metadata=Base.metadata,
    vault=VAULT,
    settings=IdentitySettings,
    brand=IdentityBrand,
    doors=DOORS,
    subscriptions=SUBSCRIPTIONS,
    tasks=(Task("resolve", OFTEN, resolve), Task("erase", timedelta(minutes=1), erase), Task("forget", timedelta(hours=1), forget)),
    adapters=make_adapters,
)
