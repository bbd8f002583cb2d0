"""Nobody sees another company: not through the doors, not through the database."""

from pathlib import Path

import pytest
from sqlalchemy import text

import events
from chassis.actor import SYSTEM, Actor
from chassis.testing import Bench, unguarded
from services.employers.app import SERVICE
from tests.employers.people import (
    NADIA,
    OTHER,
    OTHER_SIREN,
    OTHER_SIRET,
    SIREN,
    activated,
    administrator,
    asked,
    employer,
    invite,
    register,
)

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
TABLES = ("company", "establishment", "habilitation", "account", "activation_request", "activation_try", "invitation", "pending_act")


@pytest.fixture
def two_companies(bench: Bench) -> None:
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    invite(bench, administrator(bench), (SIREN, "user"))
    bench.as_(NADIA).post("/acts", json={"kind": "shut_company", "siren": SIREN, "reason": "Essai."})


def rows(bench: Bench, actor: Actor, table: str) -> int:
    with bench.running.begin(actor).session as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table}")))


@pytest.mark.usefixtures("two_companies")
def test_a_foreign_company_answers_as_a_missing_one(bench: Bench):
    stranger = bench.as_(employer(OTHER_SIREN))
    foreign, missing, absurd = (stranger.get(f"/companies/{siren}/habilitations") for siren in (SIREN, "404404404", "' OR 1=1 "))
    assert foreign.status_code == 404
    assert foreign.data == missing.data == absurd.data


@pytest.mark.usefixtures("two_companies")
def test_a_mere_user_does_not_read_the_habilitations_of_her_company(bench: Bench):
    assert bench.as_(employer(role="user")).get(f"/companies/{SIREN}/habilitations").status_code == 403


@pytest.mark.usefixtures("two_companies")
@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (SYSTEM, (2, 2, 2, 1, 1, 1, 1, 1)),
        (NADIA, (2, 2, 2, 1, 0, 1, 1, 1)),
        (employer(SIREN), (1, 1, 2, 1, 0, 1, 1, 0)),
        (employer(OTHER_SIREN), (1, 1, 0, 0, 0, 1, 0, 0)),
        (Actor(kind="caseworker"), (0, 0, 0, 0, 0, 1, 0, 0)),
        (Actor(kind="member", reference="person:1", grants={SIREN: "administrator"}), (0, 0, 0, 0, 0, 1, 0, 0)),
        (Actor(kind="anonymous", brand="hcr"), (0, 0, 0, 0, 0, 1, 0, 0)),
    ],
    ids=lambda value: value.kind if isinstance(value, Actor) else "",
)
def test_the_database_itself_shows_each_one_her_own_rows(bench: Bench, who: Actor, seen: tuple[int, ...]):
    assert tuple(rows(bench, who, table) for table in TABLES) == seen


@pytest.mark.usefixtures("two_companies")
def test_who_does_not_say_who_acts_sees_nothing(bench: Bench):
    with bench.running.engine.connect() as connection:
        assert [connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES] == [0] * len(TABLES)


@pytest.mark.usefixtures("two_companies")
def test_an_employer_cannot_write_into_another_company(bench: Bench):
    with bench.running.begin(employer(OTHER_SIREN)).session as session:
        assert session.execute(text("UPDATE company SET name = 'X' WHERE siren = :siren"), {"siren": SIREN}).rowcount == 0


@pytest.mark.parametrize(("actor", "status"), [(None, 401), (Actor(kind="member", reference="person:1"), 403)])
def test_the_doors_let_in_whom_they_name(bench: Bench, actor: Actor | None, status: int):
    client = bench.as_(actor) if actor else bench.anonymous()
    calls = client.get("/companies"), client.get(f"/companies/{SIREN}/habilitations"), client.post("/companies", json={})
    assert [answer.status_code for answer in calls] == [status] * 3


def test_nothing_personal_lies_in_clear(bench: Bench):
    register(bench)
    (told,) = asked(bench)
    bench.tell(activated(told.activation_id))
    with bench.running.working(SYSTEM) as work:
        for table in (*TABLES, "audit", "outbox", "idempotency"):
            content = str(work.session.scalars(text(f"SELECT {table}::text FROM {table}")).all())
            for secret in ("Lucie", "lucie@", "compta@", "HCR-123456", "HCR123456", "192.0.2.1", "3639980000"):
                assert secret.encode().hex() not in content
                assert secret not in content


def test_every_route_names_its_audience(bench: Bench):
    assert unguarded(bench.app) == []


def test_models_and_migrations_agree(bench: Bench):
    assert bench.drift() == []
    assert bench.unwalled() == []


@pytest.mark.parametrize("name", sorted(SERVICE.listens_to))
def test_the_samples_of_what_we_hear_apply(bench: Bench, name: str):
    body = (SAMPLES / f"{name}.json").read_bytes()
    bench.tell(events.decode(events.CATALOGUE[name], body, lambda value: value))
    assert bench.parked() == []


@pytest.mark.parametrize("kind", [kind for name, kind in events.CATALOGUE.items() if name.startswith("employers.")])
def test_the_samples_of_what_we_tell_are_such_facts(kind: type[events.Fact]):
    fact = events.decode(kind, (SAMPLES / f"{kind.name}.json").read_bytes(), lambda value: value)
    assert isinstance(fact, kind)
