"""Nobody sees another's papers: not through the doors, not through the database."""

import tomllib
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text

import events
from chassis.actor import SYSTEM, Actor
from chassis.config import BadConfiguration, convert
from chassis.testing import BRANDS, Bench, unguarded
from services.documents.config import FILE_MAX, DocumentsBrand
from tests.documents import papers
from tests.documents.people import ANDREA, CHARLIE, DOMINIQUE, LUCIE, MARC, NADIA, SIREN, YVES, read, send, sent

SAMPLES = Path(__file__).parents[2] / "events" / "samples"
CHANNEL = {"kinds": {"rib": "RIB"}, "types": ["application/pdf"], "max_bytes": 1000, "max_files": 1}


def rows(bench: Bench, actor: Actor) -> int:
    with bench.running.begin(actor).session as session:
        return int(session.scalar(text("SELECT count(*) FROM document")))


def test_a_foreign_file_answers_as_a_missing_one(bench: Bench):
    document_id = sent(bench)
    for who in (CHARLIE, ANDREA, LUCIE, MARC):
        for path in ("", "/content"):
            foreign = bench.as_(who).get(f"/files/{document_id}{path}")
            missing = bench.as_(who).get(f"/files/{uuid.uuid4()}{path}")
            assert (foreign.status_code, foreign.data) == (404, missing.data)
        assert bench.as_(who).get(f"/files?owner={DOMINIQUE.reference}").json["items"] == []


def test_nobody_files_for_another(bench: Bench):
    for owner in (CHARLIE.reference, f"company:{SIREN}", f"person:{uuid.uuid4()}", "company:", "rien", "company:123456782' OR 1=1"):
        for who in (DOMINIQUE, MARC):
            assert send(bench, who, owner=owner).status_code == 404, owner
    assert send(bench, NADIA, owner="rien").status_code == 404
    assert send(bench, YVES, owner=DOMINIQUE.reference).status_code == 403
    assert rows(bench, SYSTEM) == 0


def test_colleagues_share_the_files_of_their_company_and_caseworkers_read_all(bench: Bench):
    sent(bench)
    company = sent(bench, LUCIE, kind="piece_jointe", owner=f"company:{SIREN}")
    colleague = Actor(kind="employer", brand="hcr", account_id=uuid.uuid4(), reference=f"account:{uuid.uuid4()}", grants={SIREN: "user"})
    assert read(bench, company, colleague).status_code == 200
    assert read(bench, company, MARC).status_code == 404
    for who in (NADIA, YVES):
        assert len(bench.as_(who).get("/files").json["items"]) == 2
        assert read(bench, company, who).status_code == 200


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (SYSTEM, 2),
        (NADIA, 2),
        (DOMINIQUE, 1),
        (LUCIE, 1),
        (CHARLIE, 0),
        (MARC, 0),
        (Actor(kind="caseworker"), 0),
        (Actor(kind="member", reference=f"company:{SIREN}", grants={SIREN: "user"}), 0),
        (Actor(kind="anonymous", reference=DOMINIQUE.reference), 0),
        (Actor(kind="applicant"), 0),
    ],
    ids=lambda value: value.kind if isinstance(value, Actor) else "",
)
def test_the_database_itself_shows_each_one_his_own_rows(bench: Bench, who: Actor, seen: int):
    send(bench)
    send(bench, LUCIE, kind="piece_jointe", owner=f"company:{SIREN}")
    expected = 1 if who.reference == f"company:{SIREN}" else seen  # a reference is signed by identity: it is believed
    assert rows(bench, who) == expected


def test_who_does_not_say_who_acts_sees_nothing(bench: Bench):
    send(bench)
    with bench.running.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM document")) == 0
        assert connection.scalar(text("SELECT count(*) FROM loose_object")) == 0


@pytest.mark.parametrize(("actor", "status"), [(None, 401), (Actor(kind="stranger", brand="hcr"), 403)])
def test_the_doors_let_in_whom_they_name(bench: Bench, actor: Actor | None, status: int):
    client = bench.as_(actor) if actor else bench.anonymous()
    answers = (
        client.get("/files"),
        client.post("/files"),
        client.get(f"/files/{uuid.uuid4()}"),
        client.get(f"/files/{uuid.uuid4()}/content"),
    )
    assert [answer.status_code for answer in answers] == [status] * 4


def test_a_name_never_lies_in_clear(bench: Bench):
    sent(bench, name="RIB Claire Martin.pdf")
    with bench.running.working(SYSTEM) as work:
        for table in ("document", "audit", "outbox"):
            content = str(work.session.scalars(text(f"SELECT {table}::text FROM {table}")).all())
            assert "Claire" not in content
            assert b"Claire".hex() not in content


def test_every_route_names_its_audience_and_models_agree_with_migrations(bench: Bench):
    assert unguarded(bench.app) == []
    assert bench.drift() == []
    assert bench.unwalled() == []


def test_the_api_says_that_a_file_is_sent_as_multipart(bench: Bench):
    spec = bench.as_(NADIA).get("/_/openapi.json").json
    assert list(spec["paths"]["/files"]["post"]["requestBody"]["content"]) == ["multipart/form-data"]
    content = spec["paths"]["/files/{document_id}/content"]["get"]["responses"]["200"]["content"]
    assert "application/pdf" in content


@pytest.mark.parametrize("kind", [kind for name, kind in events.CATALOGUE.items() if name.startswith("documents.")])
def test_the_samples_of_what_we_tell_are_such_facts(kind: type[events.Fact]):
    fact = events.decode(kind, (SAMPLES / f"{kind.name}.json").read_bytes(), lambda value: value)
    assert isinstance(fact, kind)


@pytest.mark.parametrize(
    "table",
    [
        {"uploads": {"a": CHANNEL, "b": CHANNEL}},
        {"uploads": {"a": {**CHANNEL, "max_bytes": FILE_MAX + 1}}},
        {"uploads": {"a": {**CHANNEL, "types": []}}},
        {"uploads": {"a": {**CHANNEL, "types": ["image/svg+xml"]}}},
        {"uploads": {"a": {**CHANNEL, "surprise": 1}}},
    ],
)
def test_a_brand_that_asks_the_impossible_does_not_start(table: dict[str, object]):
    with pytest.raises(BadConfiguration):
        convert(table, DocumentsBrand, "test")


def test_each_brand_takes_the_pieces_that_its_affiliation_asks_for(bench: Bench):
    for key, brand in bench.running.brands.items():
        pieces = tomllib.loads((BRANDS / f"{key}.toml").read_text(encoding="utf-8"))["affiliation"]["pieces"]
        assert [piece["kind"] for piece in pieces if brand.own.channel(piece["kind"]) is None] == []


def test_an_applicant_of_the_other_brand_sends_her_papers_too(bench: Bench):
    other = Actor(kind="applicant", brand="klesia-pro", reference=f"affiliation:{uuid.uuid4()}", account_id=uuid.uuid4())
    assert send(bench, other, papers.picture("PNG")).status_code == 201
