"""« Supprimer votre compte » (S2:30): the door shuts at once, a receipt says what stays, nothing of identity names anybody afterwards."""

import uuid
from datetime import date

from sqlalchemy import text

from chassis.actor import Actor
from chassis.testing import Bench
from events.identity import AccountDeleted
from services.identity.actions import upkeep
from services.identity.models import Base
from services.identity.rules import retention
from services.messaging.rules import KEPT_YEARS, kept_until
from tests.identity.clock import let_time_pass
from tests.identity.people import GOOD, Visitor, actor_of, ask_edge, grant, person, problem, signed_in


def rows(bench: Bench) -> dict[str, int]:
    with bench.running.working() as work:
        counted = {name: work.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in Base.metadata.tables}
    return {name: number for name, number in counted.items() if number}


def test_dominique_deletes_her_account_and_gets_a_receipt(bench: Bench, dominique: Visitor):
    """S2:30."""
    token, phone = dominique.come_in(), dominique.come_in()
    signed_in(bench, phone).post("/mobile/sessions")
    home = signed_in(bench, token)
    foreseen = home.get("/account/deletion").json
    receipt = home.post("/account/deletion", json={"password": GOOD})
    assert receipt.status_code == 200, receipt.json
    assert {**foreseen, "deleted_at": receipt.json["deleted_at"]} == receipt.json
    assert all(line["until"] and line["source"] for line in receipt.json["kept"])
    (told,) = bench.told(AccountDeleted)
    assert (told.reference, told.email.value, len(told.kept)) == (person().subject, "dominique@exemple.fr", len(receipt.json["kept"]))
    assert ask_edge(bench, token).status_code == 401


def test_nothing_of_her_is_left_in_identity(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    home = signed_in(bench, token)
    home.put("/consents", json={"purpose": "follow_up", "channel": "sms", "given": True})
    home.post("/profile/email", json={"email": "autre@exemple.fr", "password": GOOD})
    bench.tell(grant(actor_of(bench, token).account_id))
    home.post("/account/deletion", json={"password": GOOD})
    bench.work()
    let_time_pass(bench, "32 days")
    with bench.running.working() as work:
        upkeep.forget(work)
    assert set(rows(bench)) <= {"sms_budget"}, "how many SMS left in a day names nobody"
    assert "account.erased" in bench.audited()


def test_her_address_opens_another_account_at_once(bench: Bench, dominique: Visitor):
    signed_in(bench, dominique.come_in()).post("/account/deletion", json={"password": GOOD})
    assert problem(dominique.sign_in()) == (401, "identifiants-incorrects")
    bench.tell(person())
    let_time_pass(bench, "2 minutes")
    assert dominique.activate().status_code == 201, "her rights still run: members told her again"


def test_the_password_is_asked(bench: Bench, dominique: Visitor):
    token = dominique.come_in()
    home = signed_in(bench, token)
    assert problem(home.post("/account/deletion", json={"password": "faux"})) == (403, "mot-de-passe-incorrect")
    assert bench.told(AccountDeleted) == []
    assert ask_edge(bench, token).status_code == 200


def test_a_caseworker_does_not_delete_herself(bench: Bench):
    nadia = Actor(kind="caseworker", brand="hcr", space="conseil", account_id=uuid.uuid4(), strong=True)
    assert problem(bench.as_(nadia).post("/account/deletion", json={"password": GOOD})) == (403, "acces-refuse")


def test_the_table_says_until_when_and_by_which_text():
    assert {line.source for line in retention.table().kept}
    actions, conversations = (line for line in retention.kept("employer") if line.years)
    assert actions.until(date(2028, 2, 29)) == "au moins jusqu'au 28/02/2033 ; ensuite, effacé si vous le demandez"
    assert (conversations.then, conversations.until(date(2028, 2, 29))) == ("erased", "effacé le 28/02/2033")
    rights = retention.kept("member")[0].until(date(2026, 1, 1))
    assert rights == "au moins jusqu'à 5 ans après la fin de votre contrat ; ensuite, effacé si vous le demandez"
    assert not set(retention.kept("member")) <= set(retention.kept("employer"))


def test_what_the_receipt_says_is_erased_is_erased_by_a_task():
    """The one line with a day of its own is messaging's, which counts the same years."""
    (line,) = {line for line in retention.table().kept if line.then == "erased"}
    assert (line.starts, line.years) == ("deletion", KEPT_YEARS)
    assert "conversations" in line.what
    leap, day = date(2028, 2, 29), date(2026, 7, 1)
    assert [line.until(on) for on in (leap, day)] == [f"effacé le {kept_until(on):%d/%m/%Y}" for on in (leap, day)]
