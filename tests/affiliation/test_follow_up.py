"""Hélène follows, relaunches and abandons (S1:230-249)."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from chassis.actor import SYSTEM, Actor
from events.affiliation import Abandoned, AffiliationOpened, Relaunched
from events.messaging import NoticeHandedOver
from services.affiliation.actions import follow_up
from services.affiliation.errors import NoRelaunchLeft, TooSoonToRelaunch
from services.affiliation.models import Affiliation
from services.affiliation.queries.follow_up import narrowed
from tests.affiliation.people import (
    BISTROT,
    CASEY,
    CHARLIE,
    DOMINIQUE,
    FICTIVE,
    FORM,
    HELENE,
    RESTAURANT,
    TODAY,
    VICTOR,
    House,
    applicant,
)


def test_the_follow_up_reads_as_in_the_guide(house: House) -> None:
    house.declared(DOMINIQUE)
    house.declared(CHARLIE)
    page = house.as_(HELENE).get("/affiliations").json
    titles = ["Siren", "Siret", "Etablissement", "Prénom Nom", "Média", "Statut", "Date", "Actions"]
    assert [column["label"] for column in page["columns"]] == titles
    keys = [column["key"] for column in page["columns"][:-1]]
    assert [[line[key] for key in keys] for line in page["items"]] == [
        [FICTIVE, RESTAURANT, "RESTAURANT FICTIF", "Charlie FAUX", "Courrier postal", "Envoyé à l'employé", "02/02/2026"],
        [FICTIVE, RESTAURANT, "RESTAURANT FICTIF", "Dominique ESSAI", "Email", "Envoyé à l'employé", "02/02/2026"],
    ]
    assert [action["verb"] for action in page["items"][0]["actions"]] == ["relaunch", "resend", "pause", "abandon"]
    assert page["items"][0]["date"] == "2026-02-02"
    assert page["next"] is None


def test_the_follow_up_turns_its_pages_without_losing_a_line(house: House) -> None:
    for first_name in ("Ana", "Bob", "Cléo"):
        house.declared(DOMINIQUE | {"first_name": first_name})
    client, seen, after = house.as_(HELENE), [], None
    for _turn in range(3):
        page = client.get("/affiliations", query_string={"limit": 1} | ({"after": after} if after else {})).json
        seen += [line["first_name"] for line in page["items"]]
        after = page["next"]
    assert (seen, after) == (["Cléo", "Bob", "Ana"], None)


def test_the_follow_up_is_filtered_by_status_and_establishment(house: House) -> None:
    house.declared(CHARLIE)
    started, _client = house.started(DOMINIQUE)
    client = house.as_(HELENE)
    assert [line["id"] for line in client.get("/affiliations?status=started").json["items"]] == [started]
    assert len(client.get(f"/affiliations?siret={RESTAURANT}&siren={FICTIVE}").json["items"]) == 2
    assert client.get(f"/affiliations?siret={BISTROT}").json["items"] == []


def test_the_follow_up_is_narrowed_to_days_both_included(house: House) -> None:
    house.declared(CHARLIE)
    client = house.as_(HELENE)
    later = house.as_(HELENE, on=TODAY + timedelta(days=3)).post("/affiliations", json=DOMINIQUE).json["id"]
    counted = {"from_on=2026-02-05": 1, "from_on=2026-02-02&to_on=2026-02-04": 1, "to_on=2026-02-05": 2, "from_on=2026-02-06": 0}
    assert {query: len(client.get(f"/affiliations?{query}").json["items"]) for query in counted} == counted
    assert [line["id"] for line in client.get("/affiliations?from_on=2026-02-03").json["items"]] == [later]


def test_the_follow_up_of_a_very_large_company_is_read_from_its_indexes(house: House) -> None:
    """A page, a name, an establishment, a code: PostgreSQL sorts and walks nothing."""
    house.declared(DOMINIQUE)
    with house.bench.owner.begin() as connection:
        connection.execute(text("SELECT set_config('affilia.kind', 'system', true)"))
        connection.execute(MANY)
    with house.bench.owner.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("ANALYZE affiliation"))
    for actor, asked, index in (
        (HELENE, {}, "ix_affiliation_follow_up"),
        (CASEY, {}, "ix_affiliation_latest"),
        (HELENE, {"siret": RESTAURANT}, "ix_affiliation_follow_up"),
        (HELENE, {"name": "essai"}, "ix_affiliation_siren_person_key"),
        (CASEY, {"code": "0123456789ab"}, "ix_affiliation_paper_code"),
    ):
        plan = planned(house, actor, asked)
        assert index in plan, plan
        assert "Seq Scan" not in plan, plan


MANY = text("""
INSERT INTO affiliation (id, brand, siren, siret, establishment_name, contract_reference, contract_label, professional_status, starts_on,
  first_name, last_name, person_key, medium, status, status_at, status_on, sent_at, expires_at, email)
SELECT gen_random_uuid(), brand, CASE WHEN n % 3 = 0 THEN siren ELSE '552100554' END,
  CASE WHEN n % 2 = 0 THEN siret ELSE 'other' || n % 60 END, establishment_name, contract_reference,
  contract_label, professional_status, starts_on, first_name, last_name, 'nom' || n || '|ana', medium, status,
  status_at - n * interval '1 minute', status_on, sent_at, expires_at, email
FROM affiliation, generate_series(1, 20000) n
""")


def planned(house: House, actor: Actor, asked: dict[str, str]) -> str:
    """How PostgreSQL would read a page for somebody, its walls included."""
    page = narrowed(actor, asked).order_by(Affiliation.status_at.desc(), Affiliation.id.desc()).limit(51)
    with house.bench.running.begin(actor).session as session:
        statement = page.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        return "\n".join(session.scalars(text(f"EXPLAIN {statement}".replace(":", "\\:"))))


@pytest.mark.parametrize("query", ["after=%00", "after=garbage", "after=Li4u", "after=OTk5OSB4", "status=perdu", "siret=12", "limit=0"])
def test_a_follow_up_asked_wrongly_is_explained(house: House, query: str) -> None:
    answer = house.as_(HELENE).get(f"/affiliations?{query}")
    assert answer.status_code == 422, answer.json
    assert answer.json["errors"][0]["message"]


@pytest.mark.parametrize("place", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-02-02T12:00:00"])
def test_a_page_at_the_edge_of_time_is_a_page(house: House, place: str) -> None:
    cursor = base64.urlsafe_b64encode(f"{place} {UUID(int=7)}".encode()).decode()
    assert house.as_(HELENE).get("/affiliations", query_string={"after": cursor}).status_code == 200


def test_helene_relaunches_once_a_day_and_five_times_in_all(house: House) -> None:
    affiliation_id = house.declared()
    client = house.as_(HELENE)
    assert client.post(f"/affiliations/{affiliation_id}/relaunch").status_code == 200
    too_soon = client.post(f"/affiliations/{affiliation_id}/relaunch")
    assert (too_soon.status_code, too_soon.json["type"]) == (409, "/problemes/relance-trop-tot")
    assert "La prochaine relance sera possible le" in too_soon.json["detail"]
    for day in range(1, 5):
        relaunched_after(house, affiliation_id, timedelta(days=day, minutes=1))
    with pytest.raises(NoRelaunchLeft, match="5 relances"):
        relaunched_after(house, affiliation_id, timedelta(days=9))
    assert [fact.medium for fact in house.bench.told(Relaunched)] == ["email"] * 5


def test_a_relaunch_is_possible_again_at_the_very_instant_that_was_said(house: House) -> None:
    affiliation_id = house.declared()
    relaunched_after(house, affiliation_id, timedelta())
    refused = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/relaunch")
    said = datetime.fromisoformat(refused.json["possible_at"])
    with house.bench.running.working(HELENE, now=said - timedelta(seconds=1)) as work, pytest.raises(TooSoonToRelaunch):
        follow_up.relaunch(work, UUID(affiliation_id))
    with house.bench.running.working(HELENE, now=said) as work:
        follow_up.relaunch(work, UUID(affiliation_id))
    assert len(house.bench.told(Relaunched)) == 2


def relaunched_after(house: House, affiliation_id: str, delay: timedelta) -> None:
    """Hélène relaunches some time from now."""
    with house.bench.running.working(HELENE, now=datetime.now(UTC) + delay) as work:
        follow_up.relaunch(work, UUID(affiliation_id))


def test_charlie_reached_by_post_who_gave_an_email_is_relaunched_there(house: House) -> None:
    affiliation_id, charlie = house.started(CHARLIE)
    charlie.put("/journey/draft", json={"email": "charlie@exemple.fr"})
    answer = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/relaunch")
    [fact] = house.bench.told(Relaunched)
    assert (fact.medium, fact.email.value, fact.address) == ("email", "charlie@exemple.fr", None)
    assert answer.json["medium_label"] == "Courrier postal"
    assert "charlie@exemple.fr" not in answer.text


def test_a_finalised_affiliation_is_neither_relaunched_nor_abandoned(house: House) -> None:
    affiliation_id, dominique = house.ready()
    assert dominique.post("/journey/finalise", json={"certified": True}).status_code == 200
    for verb, body, label in (("relaunch", None, "Relancez le salarié"), ("abandon", {"reason": "x"}, "Abandonnez l'affiliation")):
        refused = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/{verb}", json=body)
        assert (refused.status_code, refused.json["type"]) == (409, "/problemes/action-impossible")
        assert refused.json["detail"] == f"« {label} » n'est pas possible : cette affiliation est à l'état « Finalisé par le salarié »."


def test_helene_abandons_twice_and_it_is_done_once_with_its_reason_in_the_history(house: House) -> None:
    affiliation_id = house.declared()
    for _time in range(2):
        answer = house.as_(HELENE).post(f"/affiliations/{affiliation_id}/abandon", json={"reason": "Contrat rompu avant l'embauche"})
        assert (answer.status_code, answer.json["status_label"]) == (200, "Abandonné")
        assert [action["verb"] for action in answer.json["actions"]] == ["restart"]
    [fact] = house.bench.told(Abandoned)
    assert fact.by == "employer"
    assert [(move["verb"], move["status_label"], move["by_label"], move["reason"]) for move in answer.json["history"]] == [
        ("pre_affiliate", "Envoyé à l'employé", "Entreprise", None),
        ("abandon", "Abandonné", "Entreprise", "Contrat rompu avant l'embauche"),
    ]


def test_a_brand_may_keep_employers_from_abandoning(house: House) -> None:
    at_klesia = Actor(kind="employer", brand="klesia-pro", account_id=HELENE.account_id, grants=HELENE.grants)
    created = house.as_(at_klesia).post("/affiliations", json=DOMINIQUE)
    assert [action["verb"] for action in created.json["actions"]] == ["relaunch", "resend", "pause"]
    refused = house.as_(at_klesia).post(f"/affiliations/{created.json['id']}/abandon", json={"reason": "x"})
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/abandon-reserve")
    assert house.as_(HELENE).get(f"/affiliations/{created.json['id']}").status_code == 404  # another brand's space


def test_a_caseworker_of_another_brand_abandons_under_the_rules_and_the_name_of_the_journey_s_own(house: House) -> None:
    at_klesia = Actor(kind="employer", brand="klesia-pro", account_id=HELENE.account_id, grants=HELENE.grants)
    created = house.as_(at_klesia).post("/affiliations", json=DOMINIQUE).json["id"]
    handler = replace(CASEY, grants={"platform": "handle"})
    assert house.as_(handler).post(f"/affiliations/{created}/abandon", json={"reason": "Doublon"}).status_code == 200
    with house.bench.running.begin(SYSTEM).session as session:
        brands = session.scalars(text("SELECT headers->>'brand' FROM outbox WHERE name = :name"), {"name": Abandoned.name}).all()
    assert brands == ["klesia-pro"], "identity closes the link of that brand's applicant"


def test_silence_ends_a_journey_after_the_brand_s_delay_and_never_a_finalised_one(house: House) -> None:
    finalised, dominique = house.ready()
    dominique.post("/journey/finalise", json={"certified": True})
    silent = house.declared(CHARLIE)
    with house.bench.running.working(SYSTEM) as work:
        start = work.now
        assert follow_up.expire(work) == 0
    with house.bench.running.working(SYSTEM, now=start + timedelta(days=91)) as work:
        assert follow_up.expire(work) == 1
        assert follow_up.expire(work) == 0
    [fact] = house.bench.told(Abandoned)
    assert (str(fact.affiliation_id), fact.by) == (silent, "timer")
    states = {line["id"]: line["status"] for line in house.as_(HELENE).get("/affiliations").json["items"]}
    assert states == {finalised: "finalised", silent: "abandoned"}
    [*_born, end] = house.as_(HELENE).get(f"/affiliations/{silent}").json["history"]
    assert end["by_label"] == "Délai dépassé"


def test_a_draft_saved_gives_its_author_the_whole_delay_again(house: House) -> None:
    affiliation_id, dominique = house.started()
    with house.bench.running.engine.begin() as connection:
        connection.execute(text("SELECT set_config('affilia.kind', 'system', true)"))
        connection.execute(text("UPDATE affiliation SET expires_at = now() - interval '1 minute'"))
    dominique.put("/journey/draft", json=FORM)
    house.bench.work()
    assert house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json["status"] == "started"


def test_what_left_for_the_person_is_seen_in_the_detail(house: House) -> None:
    affiliation_id = house.declared()
    notice = NoticeHandedOver(notice_id=HELENE.account_id, about=f"affiliation:{affiliation_id}", template="link", channel="email")
    house.bench.tell(notice)
    house.bench.tell(notice)
    [line] = house.as_(HELENE).get(f"/affiliations/{affiliation_id}").json["notices"]
    assert (line["channel_label"], line["template"]) == ("Email", "link")


def test_casey_reads_every_follow_up_and_acts_on_none(house: House) -> None:
    affiliation_id = house.declared()
    client = house.as_(CASEY)
    [line] = client.get("/affiliations").json["items"]
    assert (line["id"], line["actions"]) == (affiliation_id, [])
    assert client.get(f"/affiliations/{affiliation_id}").status_code == 200
    assert client.post(f"/affiliations/{affiliation_id}/relaunch").status_code == 403
    assert client.get("/journey").status_code == 403


def test_victor_finds_nothing_of_helene_s(house: House) -> None:
    affiliation_id = house.declared()
    client, nowhere = house.as_(VICTOR), "01890a5d-ac96-774b-bcce-b302099a8057"
    assert client.get("/affiliations").json["items"] == []
    for path in ("", "/relaunch", "/abandon"):
        ask = client.get if not path else client.post
        body = {"json": {"reason": "x"}} if path == "/abandon" else {}
        foreign, missing = ask(f"/affiliations/{affiliation_id}{path}", **body), ask(f"/affiliations/{nowhere}{path}", **body)
        assert foreign.status_code == missing.status_code == 404
        assert foreign.data == missing.data


def test_an_applicant_does_not_enter_the_employer_s_doors(house: House) -> None:
    client = house.as_(applicant(house.declared()))
    assert client.get("/affiliations").status_code == 403
    assert client.get("/offers").status_code == 403
    assert house.bench.anonymous().get("/journey").status_code == 401


def test_dominique_is_told_who_read_what_of_her_affiliation_and_a_list_once_for_all(house: House) -> None:
    affiliation_id = house.declared(DOMINIQUE)
    path, lists = f"/affiliations/{affiliation_id}", "/affiliations/export.xlsx"
    assert house.as_(VICTOR).get(path).status_code == 404
    assert house.as_(applicant(affiliation_id)).get("/journey").status_code == 200
    assert house.bench.told(AffiliationOpened) == []
    for reader, read in ((HELENE, path), (CASEY, f"{path}/bulletin.pdf"), (HELENE, lists), (VICTOR, lists)):
        assert house.as_(reader).get(read).status_code == 200
    hers, by_helene = f"affiliation:{affiliation_id}", {"reader": "employer", "role": "administrator", "scopes": (FICTIVE,)}
    assert house.bench.told(AffiliationOpened) == [
        AffiliationOpened(about=hers, what="affiliation", **by_helene),
        AffiliationOpened(about=hers, what="bulletin", reader="caseworker", role="read", scopes=(FICTIVE,)),
        AffiliationOpened(about="siret:*", what="affiliations", **by_helene),
    ]
