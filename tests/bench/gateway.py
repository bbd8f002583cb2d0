"""A signed-in call through the gateway beside the same call straight to the service, in both shapes; and how soon a session ends.

The service, the edge, nginx and the embedded platform are the real ones, each under granian; identity is played by the issuer of the
gateway's tests, so that a session can be ended at a chosen moment.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from affilia.local import LocalPostgres
from chassis import logs
from chassis.actor import Actor
from chassis.auth import HEADER, Signer
from chassis.config import Keys
from chassis.testing import BRANDS, invented_keys
from gateway import distributed
from gateway.config import EdgeSettings, Settings
from gateway.embedded import Platform
from gateway.routing import TABLE
from services.members.app import SERVICE
from tests.bench.load import wrk
from tests.bench.readings import Reading, Side, at_least, in_turn, within
from tests.bench.staff import Staff, members, served
from tests.gateway import stand
from tests.gateway.issuer import Issuer
from tests.nginx import SECRET, private_nginx

PATH = "/employees?limit=10"
ROUTES = {"members": TABLE["members"]}
TRIES = 100
PROMISED_S = 1.0


def run(rounds: int) -> list[Reading]:
    keys = invented_keys()
    with tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder, LocalPostgres(Path(folder) / "pg", durable=False) as postgres:
        staff = Staff(postgres, keys, people=20)
        try:
            return [*_distributed(rounds, staff, keys), *_embedded(rounds, staff, keys)]
        finally:
            staff.bench.close()


def _distributed(rounds: int, staff: Staff, keys: Keys) -> list[Reading]:
    issuer = Issuer(keys)
    with served(partial(members, staff.settings)) as (service, _), _gateway(service, issuer, keys) as port:
        token = issuer.open("employer")
        through = _through(f"http://127.0.0.1:{port}", token)
        found = in_turn(rounds, {"through": through, "direct": _direct(service, keys)})
        late = _late(port, issuer)
    return [
        at_least("Par nginx et l'edge, au regard d'un appel direct", found["through"], found["direct"], 0.8, "appels/s"),
        within(f"Sessions encore admises {PROMISED_S:g} s après leur fin", late, 0, f"sur {TRIES}"),
    ]


def _embedded(rounds: int, staff: Staff, keys: Keys) -> list[Reading]:
    token = secrets.token_hex(16)
    with served(partial(members, staff.settings)) as (service, _), served(partial(_platform, staff.settings, keys, token)) as (base, _):
        found = in_turn(rounds, {"through": _through(base, token), "direct": _direct(service, keys)})
    return [at_least("En un seul processus, au regard d'un appel direct", found["through"], found["direct"], 0.85, "appels/s")]


@contextmanager
def _gateway(service: str, issuer: Issuer, keys: Keys) -> Iterator[int]:
    """The port of nginx, with its edge and its service behind."""
    with ExitStack() as servers:
        identity = servers.enter_context(stand.served(issuer))
        upstreams = {"members": service, "identity": stand.address(identity)}
        edge, _ = servers.enter_context(served(partial(_edge, keys, upstreams)))
        yield servers.enter_context(private_nginx(edge, upstreams, table=ROUTES)).port


def _through(base: str, token: str) -> Side:
    return partial(_rate, f"{base}/api/members{PATH}", lambda: stand.bearer(token))


def _direct(service: str, keys: Keys) -> Side:
    """The identity is signed anew for each round: it lives a minute."""
    assert keys.signing is not None
    signer, actor = Signer(keys.signing), Actor(kind="employer", brand="hcr")
    return partial(_rate, service + PATH, lambda: {HEADER: signer.sign(actor, SERVICE.name)})


def _rate(url: str, headers: Callable[[], dict[str, str]]) -> float:
    load = wrk(url, headers())
    assert load.wrong == 0, f"{load.wrong} réponses qui ne sont pas des 200 : {url}"
    return load.rate


def _late(port: int, issuer: Issuer) -> int:
    """Sessions in use that, a second after their end, were still let in."""
    return sum(_let_in_late(port, issuer) for _ in range(TRIES))


def _let_in_late(port: int, issuer: Issuer) -> bool:
    token = issuer.open("employer")
    headers = stand.bearer(token)
    assert stand.ask(port, "GET", f"/api/members{PATH}", headers).status == 200
    issuer.close(token)
    ended = time.monotonic()
    while time.monotonic() < ended + PROMISED_S:
        stand.ask(port, "GET", f"/api/members{PATH}", headers)  # in use, so that whatever is kept stays warm
    return stand.ask(port, "GET", f"/api/members{PATH}", headers).status != 401


def _edge(keys: Keys, upstreams: dict[str, str]) -> Any:
    logs.configure(pretty=False)
    own = {"upstreams": upstreams, "broker_url": "amqp://127.0.0.1:9", "front_secret": SECRET}
    return distributed.create(EdgeSettings(**_settings(keys), **own), {"members": SERVICE})


def _platform(settings: Any, keys: Keys, token: str) -> Any:
    logs.configure(pretty=False)
    issuer = Issuer(keys)
    issuer.admit(token, "employer")
    return Platform({"members": SERVICE.start(settings)}, Settings(**_settings(keys)), table=ROUTES, others={"identity": issuer}).wsgi


def _settings(keys: Keys) -> dict[str, Any]:
    feed = {"feed_token": secrets.token_urlsafe(16), "feed_key": {"id": "dev-feed", "public_key": "…"}}
    return {"mode": "test", "brands": BRANDS, "edge_secret": keys.edge_secret, **feed}
