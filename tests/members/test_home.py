"""Dominique's home page: what is missing and why, what blocks; and what she takes away (S0:134-154, S3:125-150, S4:115-132)."""

from datetime import date
from io import BytesIO

from pypdf import PdfReader

from chassis.testing import Bench
from tests.members.decomptes import cover, decompte, gp, tell, to_third_party
from tests.members.people import DOMINIQUE, declaration, employment, ends, finalised, member

SINCE = date(2023, 1, 1)
TODAY = date(2024, 11, 15)


def settled(bench: Bench) -> None:
    cover(bench)
    bench.tell(finalised(DOMINIQUE, SINCE))


def test_the_home_shows_the_latest_five_and_what_the_profile_misses(bench: Bench):
    """S3:125-145."""
    settled(bench)
    tell(bench, *(decompte(str(day), gp(day=date(2024, 6, day)), issued_on=date(2024, 7, day)) for day in range(1, 8)))
    home = bench.as_(member(bench, DOMINIQUE), on=TODAY).get("/me/home").json
    assert home["first_name"] == "Dominique"
    assert [line["care_on"] for line in home["latest"]] == [f"2024-06-0{day}" for day in (7, 6, 5, 4, 3)]
    assert home["profile"]["percent"] == 50
    assert [(one["field"], one["why"]) for one in home["profile"]["missing"]] == [
        ("phone", "Pour recevoir vos codes de sécurité et le suivi de vos demandes."),
        ("address", "Pour recevoir vos courriers."),
    ]
    assert home["blocking"] == []


def test_an_empty_home_says_since_when_and_what_blocks(bench: Bench):
    settled(bench)
    early = bench.as_(member(bench, DOMINIQUE), on=date(2022, 12, 1)).get("/me/home").json
    assert (early["latest"], early["synthesis"]["total"], early["synthesis"]["since"]) == ([], "0.00", "2021-12-02")
    assert early["blocking"] == [{"code": "not_yet", "sentence": "Vos droits s'ouvrent le 01/01/2023."}]


def test_rights_that_await_a_proof_say_so(bench: Bench):
    settled(bench)
    bench.tell(ends(declaration(1), employment(DOMINIQUE, SINCE)))
    (block,) = bench.as_(member(bench, DOMINIQUE), on=date(2026, 7, 15)).get("/me/home").json["blocking"]
    assert block["code"] == "proof_expected"
    assert "justificatif" in block["sentence"]


def test_the_table_opens_in_a_french_spreadsheet(bench: Bench):
    """S4:130, and the home of S3 to the cent."""
    settled(bench)
    tell(bench, decompte("1", gp()), decompte("2", to_third_party(1, "196.00", date(2024, 9, 2)), issued_on=date(2024, 9, 10)))
    dominique = bench.as_(member(bench, DOMINIQUE), on=TODAY)
    told = dominique.get("/me/reimbursements.csv?until=2024-08-31").get_data().decode("utf-8-sig").splitlines()
    assert told[0].startswith("Date des soins;Réglé le;Bénéficiaire;Soin;Frais réels")
    assert told[1:] == [
        "14/06/2024;18/06/2024;Dominique ESSAI;Consultation chez un médecin généraliste;26,50;16,55;7,95;2,00;Payé à l'assuré"
    ]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_a_decompte_on_paper_is_always_the_same_whatever_comes_after(bench: Bench):
    """S4:130."""
    settled(bench)
    tell(bench, decompte("20240618-7", gp(), gp(2, date(2024, 6, 15))))
    dominique = bench.as_(member(bench, DOMINIQUE), on=TODAY)
    (statement,) = dominique.get("/me/statements?since=2024-06-15").json["items"]
    assert (statement["number"], statement["count"], statement["cost"], statement["complementary"]) == ("20240618-7", 2, "53.00", "15.90")
    path = f"/me/statements/{statement['id']}/paper.pdf"
    first = dominique.get(path)
    tell(bench, decompte("20240702-1", gp(sign=-1), issued_on=date(2024, 7, 2)))
    assert dominique.get(path).get_data() == first.get_data()
    said = text_of(first.get_data())
    assert "20240618-7" in said
    assert "15,90" in said
    assert "decompte-2024-06-18.pdf" in first.headers["Content-Disposition"]


def test_a_long_paper_has_as_many_pages_as_it_takes_and_a_longer_one_is_refused(bench: Bench):
    settled(bench)
    dominique = bench.as_(member(bench, DOMINIQUE), on=TODAY)
    assert "Total" in text_of(dominique.get("/me/reimbursements.pdf").get_data())
    tell(bench, *(decompte(str(number), *(gp(line) for line in range(1, 101))) for number in range(1)))
    assert len(PdfReader(BytesIO(dominique.get("/me/reimbursements.pdf").get_data())).pages) == 4
    tell(bench, *(decompte(str(number), *(gp(line) for line in range(1, 101))) for number in range(1, 11)))
    refused = dominique.get("/me/reimbursements.pdf")
    assert (refused.status_code, refused.json["type"], refused.json["most"]) == (409, "/problemes/releve-trop-long", 1000)
    assert dominique.get("/me/reimbursements.csv").get_data().count(b"\n") == 1101
    assert bench.audited().count("reimbursements.downloaded") == 3
