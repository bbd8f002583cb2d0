"""Where people look for care: names of towns as they are typed, positions, the box around a place."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import cos, radians

from identifiers.text import folded

KM_PER_DEGREE = 111.2
EARTH_RADIUS_M = 6_371_000
NARROWEST = 0.01
"""Near a pole a degree of longitude is nearly nothing: a box stops there."""
SHORTENED = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True)
class Point:
    """Degrees (WGS 84)."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Box:
    """What lies between two parallels and two meridians."""

    south: float
    north: float
    west: float
    east: float


def around(centre: Point, km: float) -> Box:
    """The smallest box that holds all that is at most ``km`` away."""
    high = km / KM_PER_DEGREE
    wide = high / max(cos(radians(centre.lat)), NARROWEST)
    return Box(centre.lat - high, centre.lat + high, centre.lon - wide, centre.lon + wide)


def middle(points: Iterable[Point]) -> Point:
    """The mean of some positions, at least one."""
    found = list(points)
    return Point(sum(point.lat for point in found) / len(found), sum(point.lon for point in found) / len(found))


def spelt(town: str) -> str:
    """A town as search compares it: folded, « St » written out."""
    return " ".join(SHORTENED.get(word, word) for word in folded(town).split())


@dataclass(frozen=True)
class Placed:
    """A position, and how well it is known: ``town``, ``postcode`` or ``department``."""

    point: Point
    how: str


def together(towns: Iterable[Placed]) -> Placed | None:
    """Where a postcode is: its one town, or the middle of those that share it."""
    found = list(towns)
    if len(found) < 2:
        return found[0] if found else None
    return Placed(middle(town.point for town in found), "postcode")
