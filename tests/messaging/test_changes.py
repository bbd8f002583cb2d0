"""What changed for Nadia's employees since last time (S1:312): by day and establishment, marked as seen, told by a digest."""

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from events.affiliation import Abandoned, Finalised, Sent
from events.employers import EstablishmentRegistered, HabilitationRevoked
from events.fact import Sealed
from events.identity import AccountDeleted
from events.messaging import NoticeUndelivered
from services.messaging import tasks
from tests.messaging.conftest import (
    NADIA,
    SIREN,
    SIRET,
    Post,
    activated,
    changed,
    company,
    dominique,
    employer,
    member,
    nadia_reads,
    opened,
)

OTHER_SIREN, OTHER_SIRET = "987654324", "98765432400019"
CHARLIE = uuid.UUID(int=21)
VICTOR = employer(uuid.UUID(int=5), **{OTHER_SIREN: "administrator"})
MONDAY = datetime(2040, 12, 3, 6, 30, tzinfo=UTC)  # half past seven in Paris, and no worker of today sends it before its time


def names(first: str, last: str) -> dict[str, Sealed]:
    return {"first_name": Sealed(first), "last_name": Sealed(last)}


def sent(affiliation_id=CHARLIE, siren=SIREN, siret=SIRET, **more) -> Sent:
    who = names("Charlie", "FAUX") | more
    return Sent(affiliation_id=affiliation_id, siren=siren, siret=siret, medium="email", establishment_name="RESTAURANT FICTIF", **who)


def finalised(affiliation_id=CHARLIE) -> Finalised:
    secret = {name: Sealed("x") for name in ("birth_on", "nir", "iban")}
    return Finalised(
        affiliation_id=affiliation_id, siren=SIREN, siret=SIRET, contract_reference="C", professional_status="ACTIF NON CADRE",
        starts_on=date(2026, 2, 1), **names("Charlie", "FAUX"), **secret,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def everybody(bench):
    bench.tell(*company(), dominique(), activated(), nadia_reads())


def page(bench, who=None, **query) -> dict:
    answer = bench.as_(who or employer()).get("/changes", query_string=query)
    assert answer.status_code == 200, answer.json
    return answer.json


def lines(found: dict) -> list[tuple[str | None, str, str]]:
    """Who, what and how, of a page in its order."""
    groups = (group for day in found["items"] for group in day["establishments"])
    return [(line["employee"], line["kind_label"], line["detail"]) for group in groups for line in group["changes"]]


def test_nadia_reads_what_changed_by_day_and_establishment_with_her_employees_names(bench):
    bench.tell(sent(), finalised(), opened(), changed("ended", "Démission.", ends_on=date(2026, 6, 30)))
    found = page(bench)
    [day] = found["items"]
    [group] = day["establishments"]
    assert (group["company"], group["establishment"], group["siret"]) == ("SOCIETE FICTIVE", "RESTAURANT FICTIF", SIRET)
    assert lines(found) == [
        ("Dominique ESSAI", "Radiation", "Dernier jour couvert : 30/06/2026. Démission."),
        ("Dominique ESSAI", "Droits ouverts", "À compter du 01/02/2026."),
        ("Charlie FAUX", "Affiliation finalisée par le salarié", "À compter du 01/02/2026."),
        ("Charlie FAUX", "Formulaire d'affiliation envoyé", "Envoyé par e-mail."),
    ]
    assert (found["unread"], found["seen_at"]) == (4, None)


def test_a_fact_told_twice_is_one_change_and_a_corrected_name_is_read_at_once(bench):
    bench.tell(sent(), opened())
    bench.tell(sent(), opened())
    bench.tell(dominique().__class__(**{**{n: getattr(dominique(), n) for n in ("person_id", "email")}, **names("Dominique", "JUSTE")}))
    assert [who for who, *_ in lines(page(bench))] == ["Dominique JUSTE", "Charlie FAUX"]


def test_since_last_time_is_a_mark_that_only_moves_forward(bench):
    bench.tell(sent(), finalised())
    nadia, newest = bench.as_(employer()), page(bench)["newest"]
    assert nadia.get("/notices").json["changes_unread"] == 2
    bench.tell(opened())  # comes while she reads
    assert nadia.post("/changes/seen", json={"up_to": newest}).json["unread"] == 1
    assert [who for who, *_ in lines(page(bench, unread=True))] == ["Dominique ESSAI"]
    last = page(bench)["newest"]
    for up_to in (last, newest):
        assert nadia.post("/changes/seen", json={"up_to": up_to}).json["unread"] == 0
    colleague = employer(uuid.UUID(int=6))
    assert page(bench, colleague)["unread"] == 3  # each has a mark of one's own


def test_a_declarant_reads_all_her_companies_or_one(bench):
    there = EstablishmentRegistered(siret=OTHER_SIRET, siren=OTHER_SIREN, establishment_name="CAFE FICTIF")
    bench.tell(there, sent(), sent(uuid.UUID(int=22), OTHER_SIREN, OTHER_SIRET))
    declarant = employer(NADIA, **{SIREN: "user", OTHER_SIREN: "user"})
    assert {group["siret"] for day in page(bench, declarant)["items"] for group in day["establishments"]} == {SIRET, OTHER_SIRET}
    for query in ({"siren": OTHER_SIREN}, {"siret": OTHER_SIRET}):
        [group] = page(bench, declarant, **query)["items"][0]["establishments"]
        assert (group["establishment"], len(group["changes"])) == ("CAFE FICTIF", 1)
    assert lines(page(bench, declarant, kind="rights_ended")) == lines(page(bench, siren=OTHER_SIREN)) == []


def test_a_long_list_is_turned_page_by_page_without_a_gap(bench):
    bench.tell(*(sent(uuid.UUID(int=n), last_name=Sealed(f"N{n}")) for n in range(30, 35)))
    seen, after = [], None
    while True:
        found = page(bench, limit=2, **({"after": after} if after else {}))
        seen += [who for who, *_ in lines(found)]
        if (after := found["next"]) is None:
            break
    assert seen == [f"Charlie N{n}" for n in range(34, 29, -1)]


def test_a_form_that_did_not_arrive_is_told_to_the_company_that_sent_it(bench):
    bench.tell(sent(), Abandoned(affiliation_id=uuid.UUID(int=22), siren=SIREN, siret=SIRET, by="timer"))
    failed = {"template": "affiliation_link", "channel": "email", "reason": "address_refused"}
    bench.tell(NoticeUndelivered(notice_id=uuid.uuid4(), about=f"affiliation:{CHARLIE}", **failed))
    bench.tell(NoticeUndelivered(notice_id=uuid.uuid4(), about="affiliation:inconnue", **failed))
    assert [line[:2] for line in lines(page(bench))] == [
        ("Charlie FAUX", "Envoi non remis au salarié"),
        (None, "Affiliation abandonnée"),
        ("Charlie FAUX", "Formulaire d'affiliation envoyé"),
    ]


def test_who_lost_the_right_reads_nothing_any_more_and_neither_does_a_stranger(bench):
    bench.tell(sent(), opened())
    newest = page(bench)["newest"]
    for actor in (employer(NADIA, **{OTHER_SIREN: "user"}), VICTOR):
        assert (page(bench, actor)["items"], page(bench, actor)["unread"], page(bench, actor)["newest"]) == ([], 0, None)
        foreign = bench.as_(actor).post("/changes/seen", json={"up_to": newest})
        missing = bench.as_(actor).post("/changes/seen", json={"up_to": str(uuid.uuid4())})
        assert (foreign.status_code, foreign.data) == (404, missing.data)
        assert page(bench, actor, after=newest)["items"] == []
        with bench.running.begin(actor).session as session:
            assert [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("change", "employee")] == [0, 0]
    assert bench.as_(member()).get("/changes").status_code == 403


def test_a_company_of_two_brands_is_told_in_each_what_is_its_own(bench):
    bench.tell(sent())
    assert page(bench)["items"]
    assert page(bench, msgspec.structs.replace(employer(), brand="klesia-pro"))["items"] == []


def test_names_and_reasons_are_sealed_at_rest(bench):
    bench.tell(sent(), opened(), changed("ended", "Démission.", ends_on=date(2026, 6, 30)))
    with bench.running.working() as work:
        for table, column in (("employee", "last_name"), ("change", "content")):
            stored = work.session.scalars(text(f"SELECT {column} FROM {table}")).all()
            assert stored
            assert not any(word in bytes(value) for value in stored for word in (b"FAUX", b"ESSAI", b"mission", b"2026"))


@pytest.mark.parametrize(
    ("query", "field"), [({"kind": "tout"}, "kind"), ({"siren": "12"}, "siren"), ({"siret": "\0"}, "siret"), ({"after": "ici"}, "after")]
)
def test_a_bad_filter_is_told_where_it_is_wrong(bench, query, field):
    answer = bench.as_(employer()).get("/changes", query_string=query)
    assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])


# -- the digest -----------------------------------------------------------------------------------------------------------------------


def choose(bench, frequency="daily", on=date(2040, 12, 2)) -> dict:
    answer = bench.as_(employer(), on=on).put("/digest", json={"frequency": frequency})
    assert answer.status_code == 200, answer.json
    return answer.json


def carry(bench, now: datetime) -> None:
    """Hand over what waits for its turn at an instant."""
    for step in (tasks.claim, tasks.hand_over):
        with bench.running.working(now=now) as work:
            step(work, bench.running.adapters)


def at(bench, now: datetime) -> list[str]:
    """The texts of the digests that left when the worker's task runs at an instant."""
    with bench.running.working(now=now) as work:
        tasks.send_digests(work, bench.running.adapters)
    carry(bench, now)
    return [mail["text"] for mail in reversed(Post(bench).box()) if mail["subject"] == "Ce qui a changé pour vos salariés"]


def test_nobody_is_written_to_before_asking_and_the_rhythm_is_the_brand_s(bench):
    assert bench.as_(employer()).get("/digest").json["frequency"] == "never"
    assert choose(bench)["next_at"] == "2040-12-03T06:00:00+00:00"  # seven in Paris
    assert choose(bench, "weekly")["next_at"] == "2040-12-03T06:00:00+00:00"  # the Monday after a Sunday
    assert choose(bench, "weekly", on=date(2040, 12, 3))["next_at"] == "2040-12-10T06:00:00+00:00"
    assert choose(bench, "never")["next_at"] is None
    assert bench.as_(employer()).put("/digest", json={"frequency": "hourly"}).json["errors"][0]["field"] == "frequency"


def test_a_digest_counts_names_nobody_and_leads_to_the_page(bench):
    choose(bench)
    bench.tell(sent(), finalised(), opened(), changed("ended", "Démission.", ends_on=date(2026, 6, 30)))
    [mail] = at(bench, MONDAY)
    assert "- Radiation : 1" in mail.replace("\u00a0", " ")
    assert "http://entreprise.hcr.localhost:8080/changements" in mail
    assert not any(word in mail for word in ("Dominique", "ESSAI", "Charlie", "FAUX", "Démission"))


def test_only_what_is_new_and_unseen_is_told_once(bench):
    bench.tell(sent())
    choose(bench)  # what came before is not told
    assert at(bench, MONDAY) == []
    bench.tell(opened())
    assert len(at(bench, MONDAY)) == 0  # tomorrow's turn
    for _time in range(2):  # asked again the same day: nothing more
        assert len(at(bench, MONDAY + timedelta(days=1))) == 1
    bench.tell(finalised())
    bench.as_(employer()).post("/changes/seen", json={"up_to": page(bench)["newest"]})
    assert len(at(bench, MONDAY + timedelta(days=3))) == 1  # she has seen it on the page


def test_a_crash_before_the_commit_leaves_nothing_and_the_next_turn_writes_one(bench):
    choose(bench)
    bench.tell(opened())
    with bench.running.begin(SYSTEM, now=MONDAY).session as session:
        work = replace(bench.running.begin(SYSTEM, now=MONDAY), session=session)
        assert tasks.send_digests(work, bench.running.adapters) == 1  # and the process dies here
    assert len(at(bench, MONDAY)) == 1
    with bench.running.working() as work:  # even if the plan were lost, the day is in the key
        work.session.execute(text("UPDATE digest SET next_at = '2040-12-03T06:00:00Z', through = 0"))
    assert len(at(bench, MONDAY)) == 1


def test_a_suspended_right_is_written_to_no_more(bench):
    choose(bench)
    bench.tell(opened())
    bench.tell(HabilitationRevoked(account_id=NADIA, siren=SIREN))
    assert at(bench, MONDAY) == []


def test_a_digest_that_waits_when_the_right_goes_is_never_carried(bench):
    choose(bench)
    bench.tell(opened())
    with bench.running.working(now=MONDAY) as work:
        tasks.send_digests(work, bench.running.adapters)
    bench.tell(HabilitationRevoked(account_id=NADIA, siren=SIREN))
    carry(bench, MONDAY)
    assert dict(Post(bench).states())["digest"] == "expired"


def test_a_deleted_account_leaves_neither_mark_nor_rhythm(bench):
    choose(bench)
    bench.tell(sent())
    bench.as_(employer()).post("/changes/seen", json={"up_to": page(bench)["newest"]})
    gone = AccountDeleted(account_id=NADIA, kind="employer", reference=f"account:{NADIA}", email=Sealed("n@exemple.fr"), erased=(), kept=())
    bench.tell(gone)
    with bench.running.working() as work:
        assert [work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("mark", "digest")] == [0, 0]


def test_what_changed_long_ago_is_let_go_with_the_names_that_served_it(bench):
    bench.tell(sent())
    with bench.running.working(now=datetime.now(UTC) + timedelta(days=401)) as work:
        tasks.forget_changes(work, bench.running.adapters)
    with bench.running.working() as work:
        assert [work.session.scalar(text(f"SELECT count(*) FROM {table}")) for table in ("change", "employee")] == [0, 0]


def test_no_stranger_s_row_of_mark_or_digest_is_seen(bench):
    choose(bench)
    stranger = Actor(kind="employer", brand="hcr", space="entreprise", account_id=uuid.uuid4(), grants={SIREN: "user"})
    with bench.running.begin(stranger).session as session:
        assert session.scalar(text("SELECT count(*) FROM digest")) == 0
