"""What people are told when a company's space, or the caseworkers', is opened to somebody (S1:136-146)."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from events.employers import RightGained
from events.fact import Sealed
from events.identity import InvitationIssued
from tests.messaging.conftest import NADIA, SIREN, activated, company, employer, nadia_reads

SOON = datetime.now(UTC) + timedelta(hours=72)
PAUL = "paul@exemple.fr"


def invited(kind="employer", invitation_id=None, token="jeton-d-invitation", issued_at=None):
    named = {"company_names": ("SOCIETE FICTIVE", "AUTRE MAISON"), "companies": 4} if kind == "employer" else {}
    return InvitationIssued(
        invitation_id=invitation_id or uuid.uuid4(), kind=kind, to=Sealed(PAUL), token=Sealed(token), first_name=Sealed("Paul"),
        inviter=Sealed("Nadia MARTIN"), issued_at=issued_at or datetime.now(UTC), expires_at=SOON, **named,
    )  # fmt: skip


def gained(pending=False, administrators=(NADIA,)):
    return RightGained(
        habilitation_id=uuid.uuid4(), siren=SIREN, account_id=uuid.uuid4(), role="user", first_name=Sealed("Paul"),
        last_name=Sealed("ESSAI"), administrators=administrators, pending=pending,
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "space", "said"), [("employer", "entreprise", "Nadia MARTIN"), ("caseworker", "conseil", "application")])
def test_paul_receives_a_link_to_his_own_page_and_nothing_keeps_it(bench, post, kind, space, said):
    """S1:141 « un e-mail avec un lien pour créer son mot de passe »."""
    bench.tell(invited(kind))
    [mail] = post.box()
    assert (mail["to"], mail["link"]) == (PAUL, f"http://{space}.hcr.localhost:8080/acces/invitation/jeton-d-invitation")
    assert said in mail["text"]
    assert ("SOCIETE FICTIVE" in mail["text"]) is (kind == "employer")
    with bench.running.working() as work:
        kept = "SELECT n::text FROM notice n WHERE n.content IS NOT NULL AND n.state = 'handed_over'"
        assert work.session.scalars(text(kept)).all() == []


def test_a_link_sent_again_is_another_mail_and_the_same_news_is_not(bench, post):
    """S1:146 « lui renvoyer un lien »."""
    first = invited()
    bench.tell(
        first, first, invited(invitation_id=first.invitation_id, token="plus-recent", issued_at=first.issued_at + timedelta(hours=1))
    )
    assert sorted(mail["link"].rsplit("/", 1)[-1] for mail in post.box()) == ["jeton-d-invitation", "plus-recent"]


def test_the_administrators_who_were_there_are_told_by_mail_and_by_the_bell(bench, post):
    """S1:136: nobody joins a company unseen."""
    bench.tell(*company(), activated(), nadia_reads(), gained())
    mail = post.box()[0]
    assert mail["subject"] == "Un accès a été donné à votre entreprise"
    assert "Paul ESSAI" in mail["text"]
    rung = bench.as_(employer()).get("/notices").json["items"][0]
    assert rung["text"] == "Paul ESSAI a désormais accès à SOCIETE FICTIVE (utilisateur)."


def test_a_request_to_join_asks_for_an_approval(bench, post):
    """S1:154-166."""
    bench.tell(*company(), activated(), nadia_reads(), gained(pending=True))
    mail = post.box()[0]
    assert mail["subject"] == "Une demande d’accès attend votre accord"
    assert "Elle n’a encore accès à rien" in " ".join(mail["text"].split())


def test_who_is_not_known_yet_is_told_once_she_is(bench, post):
    bench.tell(*company(), gained())
    assert post.box() == []
    bench.tell(activated(), nadia_reads())
    assert "Un accès a été donné à votre entreprise" in [mail["subject"] for mail in post.box()]
