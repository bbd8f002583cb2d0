"""A page of fifty employees: through marshmallow, beside the same call (same statement, same server) that tells its rows as they are."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from flask import Response
from msgspec import json

from affilia.local import LocalPostgres
from chassis import http, logs
from chassis.testing import invented_keys
from services.members.access import employees as access
from services.members.access.rights import only
from services.members.app import SERVICE
from services.members.config import Work
from services.members.queries import employees
from services.members.schemas import EmployeesQuery
from tests.bench.load import wrk
from tests.bench.readings import Reading, at_least, in_turn
from tests.bench.staff import Staff, served

PEOPLE = 500
CONNECTIONS = 8

plain = http.Door("plain", __name__, audience=("employer",))


@plain.get("/plain")
@plain.arguments(EmployeesQuery, location="query")
@plain.response(200)
def list_plainly(asked: dict[str, Any]) -> Response:
    return Response(json.encode([dict(row._mapping) for row in _rows(http.work(), asked)]), mimetype="application/json")


def _rows(work: Work, asked: dict[str, Any]) -> Any:
    query = access.page(work.actor, employees.sought(work, asked), asked["sort"], None, asked["limit"] + 1)
    return work.session.execute(only(query, *employees.SHOWN)).all()


def run(rounds: int) -> list[Reading]:
    with (
        tempfile.TemporaryDirectory(prefix="affilia-bench-") as folder,
        LocalPostgres(Path(folder) / "postgres", durable=False) as postgres,
    ):
        staff = Staff(postgres, invented_keys(), PEOPLE)
        with served(partial(_application, staff.settings)) as (base, _):
            found = in_turn(rounds, {"ours": _asked(staff, f"{base}/employees"), "plain": _asked(staff, f"{base}/plain")})
        staff.bench.close()
    return [at_least("Une page de 50 lignes, au regard des mêmes lignes sans schéma", found["ours"], found["plain"], 0.5, "pages/s")]


def _asked(staff: Staff, url: str) -> Callable[[], float]:
    def side() -> float:
        load = wrk(url, staff.identity(), CONNECTIONS)
        assert load.wrong == 0, f"{load.wrong} réponses qui ne sont pas des 200"
        return load.rate

    return side


def _application(settings: Any) -> Any:
    logs.configure(pretty=False)
    return http.create_app(replace(SERVICE, doors=(*SERVICE.doors, plain)).start(settings))
