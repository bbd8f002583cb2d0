"""From a fact to what people receive."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from events.fact import Sealed
from events.identity import PasswordChanged, PasswordLinkIssued
from events.members import PortabilityAnswered, Reimbursed
from events.messaging import NoticeHandedOver
from services.messaging.models import Notice
from tests.messaging.conftest import RIGHTS, activated, changed, code, company, dominique, link, member, nadia_reads, opened


def test_claire_receives_her_code_and_nothing_keeps_it(bench, post):
    bench.tell(code())
    [mail] = post.box()
    assert (mail["channel"], mail["to"], mail["code"]) == ("email", "claire.martin@exemple.fr", "482913")
    assert "482 913" in mail["text"].replace("\u00a0", " ")
    assert "482\u00a0913" in mail["html"]
    assert "482" not in mail["subject"]
    [told] = bench.told(NoticeHandedOver)
    assert (told.template, told.channel) == ("code", "email")
    assert bench.parked() == []


def test_dominique_gets_a_link_by_mail_and_a_letter_by_post(bench, post):
    bench.tell(link(), link(channel="post", to="12 RUE DES LILAS\n75011 PARIS", token="K7PM-3XQ9"))
    letter, mail = post.box()
    assert mail["link"] == "http://assure.hcr.localhost:8080/acces/jeton-d-essai-0001"
    assert mail["link"] in mail["text"]
    assert mail["link"] in mail["html"]
    assert letter["to"].splitlines() == ["Dominique ESSAI", "12 RUE DES LILAS", "75011 PARIS"]
    assert (letter["code"], letter["has_pdf"]) == ("K7PM-3XQ9", True)
    pdf = bench.anonymous().get(letter["pdf"], headers=post.edge)
    assert pdf.data.startswith(b"%PDF")


def test_a_forgotten_password_brings_a_link_to_its_own_page_and_the_change_is_told(bench, post):
    """S2:43 in words, and ASVS 6.3.7: whoever did not do it learns of it."""
    account, soon = uuid.uuid4(), datetime.now(UTC) + timedelta(minutes=30)
    told = {"account_id": account, "kind": "employer"}
    bench.tell(
        PasswordLinkIssued(
            link_id=uuid.uuid4(), to=Sealed("alix@exemple.fr"), first_name=Sealed("Alix"), token=Sealed("jeton"), expires_at=soon, **told
        ),
        PasswordChanged(reference=f"account:{account}", email=Sealed("alix@exemple.fr"), how="reset", changed_at=soon, **told),
    )
    changed_mail, link_mail = post.box()
    assert "http://entreprise.hcr.localhost:8080/acces/mot-de-passe/jeton" in link_mail["text"]
    assert "Ce n’est pas vous" in changed_mail["text"]
    with bench.running.working() as work:
        assert "jeton" not in str(work.session.scalars(text("SELECT n::text FROM notice n")).all())


def test_the_whole_life_of_rights_is_told_to_dominique_and_to_nadia(bench, post):
    bench.tell(*company(), dominique(), activated(), nadia_reads(), opened())
    bench.tell(changed(ends_on=date(2026, 6, 30), portability_months=6))
    bench.tell(changed("active", "Annulation de la fin de contrat."))
    assert [(mail["to"], mail["subject"]) for mail in reversed(post.box())] == [
        ("nadia.petit@exemple.fr", "Votre Espace Entreprise HCR Bien-Être est ouvert"),
        ("dominique.essai@exemple.fr", "Vous êtes couvert par HCR Bien-Être"),
        ("dominique.essai@exemple.fr", "Gardez votre couverture HCR Bien-Être\u00a0: il nous manque un justificatif"),
        ("nadia.petit@exemple.fr", "Portabilité en attente pour un salarié"),
        ("dominique.essai@exemple.fr", "Votre couverture HCR Bien-Être est rétablie"),
        ("nadia.petit@exemple.fr", "Droits rouverts pour un salarié"),
    ]
    to_nadia = post.box()[2]
    assert "Dominique E." in to_nadia["text"]
    assert "ESSAI" not in to_nadia["text"]
    assert "30 juin 2026" in to_nadia["text"]
    assert {told.about for told in bench.told(NoticeHandedOver)} >= {f"rights:{RIGHTS}"}


def test_a_payroll_that_replaces_another_tells_which_date_replaces_which(bench, post):
    bench.tell(*company(), dominique(), activated(), nadia_reads(), opened())
    bench.tell(changed(ends_on=date(2026, 6, 30), portability_months=6))
    assert not any("a changé" in mail["text"] for mail in post.box())
    bench.tell(changed(ends_on=date(2026, 6, 28), portability_months=6))
    to_nadia, to_dominique = post.box()[:2]
    assert (to_dominique["to"], to_nadia["to"]) == ("dominique.essai@exemple.fr", "nadia.petit@exemple.fr")
    for mail in (to_dominique, to_nadia):
        assert "La date a changé : 28 juin 2026 au lieu du 30 juin 2026." in mail["text"].replace("\u00a0", " ")
    bench.tell(changed(ends_on=date(2026, 6, 28), portability_months=6))
    assert len(post.box()) == 6, "told again, it changes nothing"
    assert "28 juin 2026 au lieu du 30 juin 2026" in bench.as_(member()).get("/notices").json["items"][0]["text"]


def test_an_end_that_follows_a_cancelled_one_replaces_no_date(bench, post):
    bench.tell(dominique(), opened(), changed("ended", ends_on=date(2026, 6, 30)))
    bench.tell(changed("active", "Annulation de la fin de contrat."))
    bench.tell(changed("ended", ends_on=date(2026, 9, 30)))
    assert "30 septembre 2026" in post.box()[0]["text"]
    assert "au lieu du" not in post.box()[0]["text"]


def test_dominique_is_told_where_the_proof_really_goes(bench, post):
    bench.tell(dominique(), opened(), changed(ends_on=date(2026, 6, 30), portability_months=6))
    said = " ".join(post.box()[0]["text"].split())
    assert "par courrier : HCR Bien-Être, Centre de gestion, TSA 14436, 77438 Marne-la-Vallée Cedex 2." in said
    assert "Appelez-nous au 01 44 20 97 80" in said
    assert "Envoyer mon justificatif" not in said


def test_a_payroll_fact_that_names_no_brand_speaks_for_the_default_one(bench, post):
    bench.tell(dominique(), opened(), brand="")
    assert [mail["brand"] for mail in post.box()] == ["hcr"]


def test_another_brand_speaks_with_its_own_name_and_colours(bench, post):
    bench.tell(code(), brand="klesia-pro")
    [mail] = post.box()
    assert mail["subject"] == "Votre code Klesia Pro"
    assert "#6a1b4d" in mail["html"]
    assert "HCR" not in mail["html"]


def test_a_notice_of_a_brand_that_is_gone_and_of_words_that_changed_still_shows(bench):
    bench.tell(*company(), dominique(), opened(), changed())
    with bench.running.working() as work:
        work.session.execute(text("UPDATE notice SET brand = 'disparue'"))
    with bench.running.working() as work:
        notice = work.session.scalar(select(Notice).where(Notice.template == "rights_pending"))
        notice.content = {"reason": "Motif d'avant."}
    answer = bench.as_(member()).get("/notices")
    assert answer.status_code == 200
    assert answer.json["items"][0]["title"] == "Votre couverture peut continuer"


@pytest.mark.parametrize("source", ["employer", "caseworker"])
def test_a_radiation_told_without_dsn_reaches_dominique_and_her_employer(bench, post, source):
    """S1:314, features §2g: the end of the rights and the offer for her; for the employer her side, and that her own word may be undone."""
    bench.tell(*company(), dominique(), activated(), nadia_reads(), opened())
    bench.tell(changed(ends_on=date(2026, 6, 30), portability_months=6, source=source))
    to_nadia, to_dominique = post.box()[:2]
    assert (to_dominique["to"], to_nadia["to"]) == ("dominique.essai@exemple.fr", "nadia.petit@exemple.fr")
    assert "6 mois" in to_dominique["text"]
    assert ("corriger ou annuler cette radiation" in " ".join(to_nadia["text"].replace("|", "").split())) is (source == "employer")
    bench.tell(changed("ended", ends_on=date(2026, 6, 30), source=source))
    assert "Rapprochez-vous de lui" in " ".join(post.box()[1]["text"].replace("|", "").split())


def test_dominique_hears_of_her_declaration_and_why_a_proof_is_refused(bench, post):
    """S4:150-168."""
    bench.tell(dominique(), opened())
    about = {"request_id": uuid.uuid4(), "rights_id": opened().rights_id, "person_id": dominique().person_id}
    bench.tell(PortabilityAnswered(**about, answer="received"))
    assert post.box()[0]["subject"] == "Votre déclaration de portabilité est bien reçue"
    refused = PortabilityAnswered(**about, answer="proof_refused", reason=Sealed("Attestation illisible."))
    bench.tell(refused)
    assert "Attestation illisible." in post.box()[0]["text"]
    bench.tell(PortabilityAnswered(**about, answer="refused", reason=Sealed("Nouvel emploi.")))
    assert bench.as_(member()).get("/notices").json["items"][0]["text"].endswith("est refusée\u00a0: Nouvel emploi.")


def test_a_reimbursement_is_told_without_its_content_and_once_a_day(bench, post):
    """S0:139-154: the mail says that something is new; the bell too."""
    bench.tell(dominique(), opened())
    about = {"person_id": dominique().person_id, "paid_on": date(2026, 6, 16)}
    bench.tell(*(Reimbursed(statement_id=uuid.uuid4(), **about) for _ in range(3)))
    bench.tell(Reimbursed(statement_id=uuid.uuid4(), corrected=True, **about))
    subjects = [mail["subject"] for mail in post.box()]
    assert [subjects.count(said) for said in ("Un nouveau remboursement est disponible", "Un remboursement a été corrigé")] == [1, 1]
    assert not any("€" in mail["text"] for mail in post.box() if "remboursement" in mail["subject"])
    bell = [notice["text"] for notice in bench.as_(member()).get("/notices").json["items"]]
    assert bell[:2] == ["Un remboursement a été corrigé par l’Assurance Maladie.", "Un nouveau remboursement est disponible."]
