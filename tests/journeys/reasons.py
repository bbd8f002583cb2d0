"""The three reasons to ask for a second factor, the same in each guide: another browser, another network, three months away."""

import sys

from affilia.story.world import Credentials, Visitor
from tests.journeys.houses import House, moved

THREE_MONTHS = "91 days"
"""One more than the platform forgives."""


def asks_again(house: House, visitor: Visitor, who: Credentials, phone: str) -> None:
    """Walk through the three, with a browser that was trusted just now and is not asked in between (S0:120-126, S1:112-116, S3:119-123)."""
    assert visitor.sign_in(who, phone=phone) == {}, "a trusted browser is not asked"
    for reason, meets in (("new_network", _elsewhere), ("long_absence", _later), ("new_browser", _unknown)):
        met = meets(house, visitor)
        challenge = met.sign_in(who, phone=phone)
        assert challenge.get("trigger") == reason or (reason == "new_network" and sys.platform != "linux")
        visitor.device = met.device


def _elsewhere(house: House, visitor: Visitor) -> Visitor:
    return moved(visitor)


def _later(house: House, visitor: Visitor) -> Visitor:
    house.ages("identity", "device.last_seen_at", THREE_MONTHS)
    return visitor


def _unknown(house: House, visitor: Visitor) -> Visitor:
    return visitor.world.visitor(visitor.space)
