"""Who sees what: the doors, row security, the edge's secret, and agreement between models, migrations and samples."""

import json
import uuid
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

import events
from chassis.actor import Actor
from chassis.testing import unguarded
from services.messaging.app import SERVICE
from tests.messaging.conftest import activated, changed, code, company, dominique, employer, link, member, nadia_reads, opened

SAMPLES = Path(events.__file__).parent / "samples"
TABLES = ("contact", "place", "reader", "notice", "attempt", "caught", "employee", "change", "mark", "digest")


def story(bench):
    bench.tell(*company(), dominique(), activated(), nadia_reads(), opened(), changed(), code(), link())


def seen_by(bench, actor):
    with bench.running.begin(actor).session as session:
        return {table: session.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES}


def test_every_door_names_its_audience_and_the_schema_is_what_the_models_say(bench):
    assert unguarded(bench.app) == []
    assert bench.drift() == []
    assert bench.unwalled() == []


def test_nobody_else_finds_dominiques_notice_and_the_answer_is_that_of_a_missing_one(bench):
    story(bench)
    [notice, *_] = bench.as_(member()).get("/notices").json["items"]
    stranger = bench.as_(Actor(kind="member", account_id=uuid.uuid4(), reference=f"person:{uuid.uuid4()}"))
    foreign = stranger.post(f"/notices/{notice['id']}/read")
    missing = stranger.post(f"/notices/{uuid.uuid4()}/read")
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert stranger.get("/notices").json["items"] == []
    assert bench.as_(employer()).post(f"/notices/{notice['id']}/read").status_code == 404


@pytest.mark.parametrize("kind", ["anonymous", "applicant", "caseworker"])
def test_the_bell_is_for_members_and_employers(bench, kind):
    answer = bench.as_(Actor(kind=kind, reference=f"{kind}:1")).get("/notices")
    assert answer.status_code == (401 if kind == "anonymous" else 403)


def test_row_security_shows_each_one_their_own_rows_and_no_more(bench):
    story(bench)
    nobody = dict.fromkeys(TABLES, 0)
    assert seen_by(bench, Actor(kind="anonymous", address="192.0.2.1")) == nobody
    caseworker = Actor(kind="caseworker", account_id=uuid.uuid4(), grants={"platform": "administer"})
    assert seen_by(bench, caseworker) == nobody | {"employee": 1}  # whom a conversation is about
    assert seen_by(bench, member()) == nobody | {"contact": 1, "notice": 2, "place": 2}
    assert seen_by(bench, employer()) == nobody | {"contact": 1, "notice": 2, "place": 2, "employee": 1, "change": 2}
    assert seen_by(bench, employer(**{"999999999": "user"})) == nobody | {"contact": 1, "notice": 1, "place": 2}


def test_attempts_are_never_rewritten(bench):
    story(bench)
    for change in ("UPDATE attempt SET outcome = 'refused'", "DELETE FROM attempt"):
        with pytest.raises(Exception, match="append-only"), bench.running.working() as work:
            work.session.execute(text(change))


def test_addresses_and_codes_are_sealed_at_rest(bench):
    story(bench)
    with bench.running.working() as work:
        for table in ("contact", "notice", "caught"):
            rows = work.session.execute(text(f"SELECT to_jsonb({table})::text FROM {table}")).scalars()
            for row in rows:
                stored = b"".join(bytes.fromhex(part[2:]) for part in json.loads(row).values() if str(part).startswith("\\x"))
                assert not any(word in row.encode() + stored for word in (b"dominique", b"482913", b"jeton-d-essai", b"Nadia"))


@pytest.mark.parametrize("header", [{}, {"Affilia-Edge": ""}, {"Affilia-Edge": "presque"}, {"Affilia-Edge": "é"}])
def test_caught_messages_are_found_by_the_edge_alone(bench, post, header):
    story(bench)
    bench.tell(link(channel="post", to="12 RUE DES LILAS\n75011 PARIS"))
    letter = post.box()[0]
    for path in ("/_/caught", letter["pdf"]):
        for client in (bench.anonymous(), bench.as_(employer())):
            assert client.get(path, headers=header).status_code == 404


def test_the_edge_pages_through_what_was_caught(bench, post):
    story(bench)
    everything = [message["id"] for message in post.box()]
    first = post.box(limit=2)
    rest = post.box(after=first[-1]["id"])
    assert [message["id"] for message in (*first, *rest)] == everything
    assert all(message["has_pdf"] is False and message["pdf"] is None for message in rest)
    missing = bench.anonymous().get(f"/_/caught/{first[0]['id']}/attachment.pdf", headers=post.edge)
    assert missing.status_code == 404


@pytest.mark.parametrize("kind", SERVICE.subscriptions, ids=lambda kind: kind.name)
def test_what_publishers_give_as_a_sample_applies(bench, kind):
    sample = SAMPLES / f"{kind.name}.json"
    bench.tell(events.decode(kind, sample.read_bytes(), lambda sealed: sealed))
    assert bench.parked() == []


def test_our_own_sample_is_one_of_our_facts():
    sample = SAMPLES / "messaging.notice_handed_over.v1.json"
    fact = events.decode(events.CATALOGUE["messaging.notice_handed_over.v1"], sample.read_bytes(), str)
    assert msgspec.json.decode(events.encode(fact, str)) == json.loads(sample.read_text())
