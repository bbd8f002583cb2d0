"""nginx's configuration, rendered from the routing table: the data path of a platform whose services are processes of their own.

Refusals that nginx tells are rendered here from the same classes as the embedded router's: the same status, headers and bytes.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

import msgspec
from jinja2 import Environment, StrictUndefined, Template

from chassis import auth, problems
from chassis.config import BadConfiguration
from gateway import access, feed, routing, shield, threshold, vouched, workshop
from gateway.config import ADDRESS
from gateway.errors import Failed, ForgedRequest, SessionEnded, TooLarge, TooLong, UnknownHost, UnknownMethod, Unreadable
from gateway.sessions import FORGET_COOKIE

TEMPLATE = Path(__file__).with_name("nginx.conf.j2")
REFUSED = "/_refused/"
"""Where nginx sends what it refuses, by slug; alone, for an edge that says nothing."""
REFUSALS = (Unreadable, problems.NotFound, UnknownMethod, TooLong, UnknownHost, problems.TooMany, Failed, SessionEnded, ForgedRequest)
WORD = re.compile(r"[^\s;{}\"'\\$#]+\Z")
"""What a value of the configuration may be made of."""
NEEDED = ("front_secret", "listen", "folder", "access_log", "error_log")
OPTIONAL = ("user", "certificate", "certificate_key", "resolver")
QUESTION: Mapping[str, str] = {
    "Host": "$http_host",
    "Cookie": "$http_cookie",
    "Authorization": "$http_authorization",
    "Origin": "$http_origin",
    "Sec-Fetch-Site": "$http_sec_fetch_site",
    vouched.ADDRESS: "$remote_addr",
    vouched.METHOD: "$request_method",
    vouched.SERVICE: "$service",
}
"""All that the edge is told of a call, by header: the key of the cache is made of the same values, parted by what none can hold."""


Positive = Annotated[int, msgspec.Meta(ge=1)]


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one address may do, and how long one waits (seconds). ``tries`` are posts to a door where passwords and codes are tried."""

    tries_per_s: Positive = 10
    tries_burst: Positive = 60
    feed_per_s: Positive = 20
    feed_burst: Positive = 40
    feed_at_once: Positive = 8
    connections: Positive = 256
    header_s: Positive = 10
    body_s: Positive = 15
    send_s: Positive = 30
    answer_s: Positive = 30


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator decides: who answers where, and how much one may ask.

    ``edge`` and ``upstreams`` are addresses (``http://host:port``); ``listen`` is ``port`` or ``address:port``. ``folder`` exists, and is
    nginx's own. ``user`` is who workers run as when nginx starts as root. ``behind`` are proxies whose word about a client's address is
    believed. ``resolver`` (nginx 1.27.3 and later) looks names up again while nginx runs.
    """

    edge: str
    upstreams: dict[str, str]
    front_secret: str
    listen: str = "8080"
    folder: Path = Path("/var/cache/nginx")
    access_log: str = "/dev/stdout"
    error_log: str = "stderr"
    user: str = ""
    certificate: str = ""
    certificate_key: str = ""
    behind: tuple[str, ...] = ()
    resolver: str = ""
    limits: Limits = Limits()

    def __post_init__(self) -> None:
        words = [(name, getattr(self, name)) for name in NEEDED] + [(name, getattr(self, name)) for name in OPTIONAL if getattr(self, name)]
        for name, word in [*words, *(("behind", proxy) for proxy in self.behind)]:
            if not WORD.match(str(word)):
                raise BadConfiguration(
                    f"nginx : « {name} » ne peut pas être vide, ni porter d'espace ou l'un des signes ; {{ }} \" ' \\ $ #."
                )
        for name, address in {"edge": self.edge, **self.upstreams}.items():
            if not ADDRESS.fullmatch(address):
                raise BadConfiguration(f"nginx : l'adresse de « {name} » n'est pas de la forme http://hôte:port.")


class Told(NamedTuple):
    """An answer that nginx gives by itself; the values of its headers are written as nginx reads them."""

    status: int
    content_type: str
    headers: tuple[tuple[str, str], ...]
    body: str


def render(plan: Plan, table: Mapping[str, routing.Route] = routing.TABLE) -> str:
    """The configuration as one text. Raises ``BadConfiguration`` when a service of the table has no address."""
    if missing := table.keys() - plan.upstreams.keys():
        raise BadConfiguration(f"nginx : « upstreams » ne dit pas où est {', '.join(sorted(missing))}.")
    addresses = {name: urlsplit(plan.upstreams[name]).netloc for name in table} | {"edge": urlsplit(plan.edge).netloc}
    return _template().render(
        plan=plan,
        limits=plan.limits,
        routes=list(table.values()),
        addresses=addresses,
        refusals=dict(_refusals(table)),
        question=QUESTION,
        forwarded=_forwarded(),
        vouched=vouched,
        refused=REFUSED,
        access=access.ADDRESS,
        heard=shield.HEARD,
        protection=shield.PROTECTION,
        methods=routing.METHODS,
        longest_path=routing.LONGEST_PATH,
        longest_query=routing.LONGEST_QUERY,
        pages_max_body=routing.PAGES_MAX_BODY,
        feed_max_body=feed.MOST_BYTES,
        workshop=workshop.ADDRESS,
        identity_header=auth.HEADER,
        forget_cookie=FORGET_COOKIE,
    )


def _forwarded() -> list[str]:
    """What a client says that is passed on, to a service or with the question, as variables of nginx."""
    heard = {f"$http_{_variable(name)}" for name in shield.HEARD}
    return sorted(heard | {"$content_type"} | {value for value in QUESTION.values() if value.startswith("$http_")})


def _refusals(table: Mapping[str, routing.Route]) -> Iterator[tuple[str, Told]]:
    """Every refusal that nginx tells, by the place where it is told."""
    yield REFUSED, _told(problems.Unavailable())
    yield REFUSED + problems.Unavailable.slug, _told(problems.Unavailable())
    for kind in REFUSALS:
        yield REFUSED + kind.slug, _told(kind())
    for most in sorted({routing.PAGES_MAX_BODY, feed.MOST_BYTES, *(route.max_body for route in table.values())}):
        yield f"{REFUSED}{TooLarge.slug}/{most}", _told(TooLarge(max_bytes=most))


def _told(refusal: problems.Refusal) -> Told:
    answer = threshold.told(refusal)
    kept = [(name, value) for name, value in answer.headers if name not in ("Content-Type", "Content-Length")]
    headers = [(name, _quoted(value)) for name, value in shield.protected(kept)]
    if isinstance(refusal, SessionEnded):
        headers.append(("Set-Cookie", "$forgotten_cookie"))
    return Told(answer.status_code, str(answer.content_type), tuple(headers), answer.get_data(as_text=True))


def _template() -> Template:
    rendering = Environment(autoescape=False, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, keep_trailing_newline=True)
    rendering.filters |= {"quoted": _quoted, "variable": _variable}
    return rendering.from_string(TEMPLATE.read_text(encoding="utf-8"))


def _quoted(text: str) -> str:
    """A text as nginx reads it between quotes; it holds no variable."""
    if "$" in text:
        raise BadConfiguration("nginx : un texte fixe ne peut pas porter « $ ».")
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _variable(header: str) -> str:
    return header.lower().replace("-", "_")
