"""Where a visitor stands: the brand and the space that a host name means. A host that means nothing is refused."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.config import EdgeBrand, default_brand

FIRST_SPACE = "assure"


@dataclass(frozen=True)
class Place:
    """A brand and one of its spaces; ``front`` is the platform's own host, with the start page and the default brand."""

    brand: str
    space: str
    front: bool = False


class Places:
    """Host names, read once from the brands: the host of each space, and the platform's own."""

    def __init__(self, brands: Mapping[str, EdgeBrand], front_hosts: Iterable[str]) -> None:
        front = Place(default_brand(brands), FIRST_SPACE, front=True)
        spaces = {space.host: Place(key, space.key) for key, brand in brands.items() for space in brand.own.spaces}
        self._hosts = dict.fromkeys(front_hosts, front) | spaces

    def find(self, host: str) -> Place | None:
        """The place a ``Host`` header names, its port aside."""
        return self._hosts.get(_name(host))


def _name(host: str) -> str:
    name, _, port = host.rpartition(":")
    return (name if name and (port.isdigit() or not port) and not name.endswith(":") else host).lower()
