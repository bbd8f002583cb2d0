"""Trusted devices, revoked by whoever trusted them."""

import uuid

from sqlalchemy import delete

from chassis.problems import NotFound
from services.identity import access
from services.identity.config import IdentityWork
from services.identity.models import Device


def distrust(work: IdentityWork, device_id: uuid.UUID) -> None:
    """The next sign-in from this device asks a second factor. Raises ``NotFound``."""
    found = next((device for device in access.own_devices(work) if device.id == device_id), None)
    if found is None:
        raise NotFound
    work.session.delete(found)
    work.audit("device.revoked", work.actor.name, device=str(device_id))


def distrust_all(work: IdentityWork) -> None:
    """The next sign-in from anywhere asks a second factor."""
    work.session.execute(delete(Device).where(Device.account_id == work.actor.account_id))
    work.audit("device.all_revoked", work.actor.name)
