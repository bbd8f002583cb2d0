"""The routing table: which prefix leads to which service, how much it may be sent, and whom it is for.

One table for every run mode: the embedded router reads it, and nginx's configuration is rendered from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PREFIX = "/api/"
KB, MB = 1_000, 1_000_000
LONGEST_PATH = 2_000
LONGEST_QUERY = 8_000
PAGES_MAX_BODY = 1 * MB
"""The largest body that a page is sent, in bytes."""
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
FORBIDDEN_SEGMENTS = frozenset({"_", "", ".", ".."})
"""``_`` is the plumbing of a service; the others are ways to spell it differently."""


@dataclass(frozen=True)
class Route:
    """One line of the table. ``max_body`` is in bytes; ``audience`` is a note for readers, the services' doors decide.

    ``counted`` says that nginx bounds how often one address may post here: passwords and codes are tried behind this door.
    """

    service: str
    max_body: int
    audience: str
    counted: bool = False

    @property
    def prefix(self) -> str:
        """Where the service's application is mounted, without a final slash."""
        return PREFIX + self.service


TABLE: Mapping[str, Route] = {
    route.service: route
    for route in (
        Route("identity", 64 * KB, "tout visiteur, puis chaque compte connecté", counted=True),
        Route("employers", 256 * KB, "tout visiteur, employeurs, conseillers"),
        Route("affiliation", 2 * MB, "employeurs, personnes invitées à s'affilier"),
        Route("members", 256 * KB, "assurés, employeurs, conseillers"),
        Route("documents", 16 * MB, "toute personne connectée"),
        Route("messaging", 64 * KB, "assurés, employeurs"),
    )
}


def find(path: str, table: Mapping[str, Route] = TABLE) -> tuple[Route, str] | None:
    """The route of a path and what remains of the path for the service; ``None`` when nothing leads there, or must not."""
    if not path.startswith(PREFIX) or len(path) > LONGEST_PATH:
        return None
    name, slash, rest = path[len(PREFIX) :].partition("/")
    route = table.get(name)
    if route is None or _forbidden(rest):
        return None
    return route, slash + rest


def _forbidden(rest: str) -> bool:
    """Whether a path hides a plumbing route; a final slash is not a segment."""
    return any(segment in FORBIDDEN_SEGMENTS for segment in rest.removesuffix("/").split("/")) if rest else False
