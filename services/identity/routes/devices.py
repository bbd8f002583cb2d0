"""Browsers where the second factor is not asked again: seen, and trusted no more (S0:120-126)."""

import uuid
from typing import Any

from chassis import http
from services.identity import queries
from services.identity.actions import devices
from services.identity.schemas.devices import DevicesAnswer

door = http.Door("devices", __name__, audience=("member", "employer"), description="Appareils de confiance")


@door.get("/devices")
@door.response(200, DevicesAnswer)
def list_devices() -> dict[str, Any]:
    """Mes appareils de confiance"""
    return queries.devices(http.work())


@door.delete("/devices")
@door.response(204)
def distrust_all() -> None:
    """Ne plus faire confiance à aucun appareil"""
    devices.distrust_all(http.work())


@door.delete("/devices/<uuid:device_id>")
@door.response(204)
def distrust(device_id: uuid.UUID) -> None:
    """Ne plus faire confiance à un appareil"""
    devices.distrust(http.work(), device_id)
