"""Makes ``communes.csv.gz`` from two packages: run by hand when one of them has a new edition, never when Affilia runs (README.md).

python services/members/adapters/reference/build.py communes.json cities500.json
"""

import csv
import gzip
import io
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import cos, hypot, radians
from pathlib import Path
from typing import Any

from identifiers.text import folded

TARGET = Path(__file__).parent / "communes.csv.gz"
COLUMNS = ("insee", "name", "postcodes", "lat", "lon", "placed", "population")
KINDS = ("commune-actuelle", "arrondissement-municipal")
OVERSEAS = {"GP": "01", "MQ": "02", "GF": "03", "RE": "04", "YT": "06"}
"""GeoNames' country of an overseas region → its INSEE number."""
DISTRICT = re.compile(r"(Paris|Lyon|Marseille) (\d\d)\b")
"""How GeoNames names a municipal district."""
FIRST_DISTRICT = {"Paris": 75100, "Lyon": 69380, "Marseille": 13200}
"""What the number of a district is added to, for its INSEE code."""
FARTHEST_KM = 75.0
"""A namesake farther than this from its department's other communes is another place."""

Point = tuple[float, float]


def main(communes: Path, places: Path) -> None:
    towns = [town for town in json.loads(communes.read_text(encoding="utf-8")) if town["type"] in KINDS]
    points = located(towns, list(json.loads(places.read_text(encoding="utf-8")).values()))
    TARGET.write_bytes(gzip.compress(written(towns, points).encode(), 9, mtime=0))


def located(towns: list[dict[str, Any]], places: list[dict[str, Any]]) -> dict[str, Point]:
    """INSEE → position, for the communes whose place is known by its name and region."""
    named, namesakes = _named(places), defaultdict(list)
    for town in towns:
        namesakes[_key(town)].append(town)
    sure = {
        same[0]["code"]: named[key][0]
        for key, same in namesakes.items()
        if len(same) == len(named.get(key, ())) == 1 and same[0]["type"] == KINDS[0]
    }
    centres = _means((town.get("departement", ""), sure[town["code"]]) for town in towns if town["code"] in sure)
    kept = {town["code"]: point for town in towns if (point := _nearest(centres, town, named.get(_key(town), ())))}
    return kept | _districts(places)


def written(towns: list[dict[str, Any]], points: dict[str, Point]) -> str:
    """The file, by INSEE code; a commune that is not located stands at the mean of its postcode's, else of its department's.

    What lies in no department (Saint-Pierre, Saint-Martin…) is left out.
    """
    by_postcode = _means((postcode, points[town["code"]]) for town in towns if town["code"] in points for postcode in _postcodes(town))
    by_department = _means((town.get("departement", ""), points[town["code"]]) for town in towns if town["code"] in points)
    of_districts = {postcode for town in towns if town["type"] == KINDS[1] for postcode in _postcodes(town)}
    sheet = io.StringIO()
    lines = csv.writer(sheet, lineterminator="\n")
    lines.writerow(COLUMNS)
    for town in sorted(towns, key=lambda town: str(town["code"])):
        postcodes = [code for code in _postcodes(town) if town["type"] == KINDS[1] or code not in of_districts]
        placed, point = _placed(town, postcodes, points, by_postcode, by_department)
        if point:
            at = f"{point[0]:.4f}", f"{point[1]:.4f}"
            lines.writerow((town["code"], town["nom"], " ".join(postcodes), *at, placed, town.get("population", 0)))
    return sheet.getvalue()


def _placed(town: dict[str, Any], postcodes: list[str], points: dict[str, Point], *means: dict[str, Point]) -> tuple[str, Point | None]:
    by_postcode, by_department = means
    if town["code"] in points:
        return "town", points[town["code"]]
    near = next((by_postcode[code] for code in postcodes if code in by_postcode), None)
    return ("postcode", near) if near else ("department", by_department.get(town.get("departement", "")))


def _named(places: Iterable[dict[str, Any]]) -> dict[tuple[str, str], list[Point]]:
    found = defaultdict(list)
    for place in places:
        region = OVERSEAS.get(place["countrycode"], place["admin1code"] if place["countrycode"] == "FR" else "")
        if region:
            found[folded(place["name"]), region].append((place["latitude"], place["longitude"]))
    return found


def _districts(places: Iterable[dict[str, Any]]) -> dict[str, Point]:
    shown = [(DISTRICT.match(place["name"]), place) for place in places if place["countrycode"] == "FR"]
    return {str(FIRST_DISTRICT[m[1]] + int(m[2])): (place["latitude"], place["longitude"]) for m, place in shown if m}


def _nearest(centres: dict[str, Point], town: dict[str, Any], candidates: Iterable[Point]) -> Point | None:
    centre = centres.get(town.get("departement", ""))
    near = [(km, point) for point in candidates if centre and (km := _km(centre, point)) <= FARTHEST_KM]
    return min(near)[1] if near else None


def _means(pairs: Iterable[tuple[str, Point]]) -> dict[str, Point]:
    groups: dict[str, list[Point]] = defaultdict(list)
    for key, point in pairs:
        groups[key].append(point)
    return {key: (sum(lat for lat, _ in ps) / len(ps), sum(lon for _, lon in ps) / len(ps)) for key, ps in groups.items()}


def _km(one: Point, other: Point) -> float:
    return 111.2 * hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


def _key(town: dict[str, Any]) -> tuple[str, str]:
    return folded(town["nom"]), str(town.get("region", ""))


def _postcodes(town: dict[str, Any]) -> Iterator[str]:
    yield from town.get("codesPostaux", ())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
