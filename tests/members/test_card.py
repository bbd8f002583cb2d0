"""The member's screens and the card (S0:156-188)."""

import io
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from chassis.pen import REGULAR, SMALLEST, fitted, runs
from chassis.testing import Bench
from tests.members.people import CHARLIE, DOMINIQUE, EMPLOYER, child, declaration, employment, ends, finalised, member, settle_in, spouse

IN_MAY, LAST_DAY, DAY_AFTER = date(2026, 5, 15), date(2026, 6, 30), date(2026, 7, 1)


@pytest.fixture
def dominique(bench: Bench) -> Any:
    settle_in(bench)
    bench.tell(finalised(DOMINIQUE, dependents=(spouse("Cœur"), child())))
    return member(bench, DOMINIQUE)


def test_dominique_reads_her_rights_contract_and_beneficiaries(bench: Bench, dominique: Any) -> None:
    client = bench.as_(dominique, on=IN_MAY)
    (rights,) = client.get("/me/rights").json["items"]
    assert (rights["status_label"], rights["establishment"]["name"]) == ("Droits ouverts", "RESTAURANT FICTIF")
    (contract,) = client.get("/me/contracts").json["items"]
    assert contract["guarantees"][1] == {"domain": "HOSP", "label": "Hospitalisation", "level": "200 % BR"}
    people = client.get("/me/beneficiaries").json["items"]
    assert [(line["kinship_label"], line["first_name"], line["covered"]) for line in people] == [
        ("Assuré", "Dominique", True),
        ("Conjoint", "Cœur", True),
        ("Enfant", "Lou", True),
    ]
    assert [line["nir_masked"] for line in people] == ["2 80 •• •• ••• ••• ••", None, None]


def test_dominique_hired_again_sees_her_spouse_once(bench: Bench, dominique: Any) -> None:
    bench.tell(ends(declaration(1), employment(DOMINIQUE)), finalised(DOMINIQUE, date(2026, 9, 1), dependents=(spouse("Coeur"),)))
    people = bench.as_(dominique, on=date(2026, 9, 2)).get("/me/beneficiaries").json["items"]
    assert [(line["kinship"], line["covered"]) for line in people] == [("member", True), ("spouse", True), ("child", False)]


def test_another_brand_s_space_shows_dominique_nothing(bench: Bench, dominique: Any) -> None:
    elsewhere = bench.as_(replace(dominique, brand="klesia-pro"), on=IN_MAY)
    assert elsewhere.get("/me/rights").json == {"items": []}
    assert elsewhere.get("/me/card").status_code == 404


def test_the_card_holds_the_five_data_and_a_check(bench: Bench, dominique: Any) -> None:
    card = bench.as_(dominique, on=IN_MAY).get("/me/card").json
    assert card["block"] == {
        "amc_number": "0123456789",
        "convention_type": "SP",
        "csr": "A1",
        "member_number": "HCR000000001",
        "starts_on": "2026-02-01",
        "ends_on": "2026-12-31",
    }
    assert card["responsible"] is True
    assert card["beneficiaries"][0]["nir"] == "2 80 04 75 999 005 31"
    signed, check = card["datamatrix"].rsplit("|", 1)
    assert signed == "AFF1|0123456789|SP|A1|HCR000000001|20260201-20261231|R"
    assert (check, len(check)) == (card["check"], 16)
    assert bench.as_(dominique, on=IN_MAY).get("/me/card").json["check"] == check
    assert bench.as_(dominique, on=date(2027, 1, 2)).get("/me/card").json["check"] != check


def test_the_pdf_prints_every_label_and_every_person(bench: Bench, dominique: Any) -> None:
    answer = bench.as_(dominique, on=IN_MAY).get("/me/card.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == "attachment; filename=carte-de-tiers-payant-2026.pdf"
    reader = PdfReader(io.BytesIO(answer.data))
    printed = "".join(page.extract_text() for page in reader.pages)
    labels = ("Période de validité", "N° AMC", "Type de convention", "CSR", "N° d'adhérent")
    for words in (*labels, "01/02/2026 – 31/12/2026", "HCR000000001", "ESSAI Cœur", "HOSP", "200 % BR", "Carte de tiers payant"):
        assert words in printed
    assert reader.metadata is not None
    assert reader.metadata.title == "Carte de tiers payant 2026"
    assert bench.audited()[-1] == "card.downloaded"


def test_a_large_family_gets_a_second_card(bench: Bench) -> None:
    settle_in(bench)
    bench.tell(finalised(CHARLIE, dependents=(spouse(), *(child(name) for name in ("Lou", "Noé", "Zélie", "Maël", "Alix", "Sacha")))))
    answer = bench.as_(member(bench, CHARLIE), on=IN_MAY).get("/me/card.pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages]
    assert pages[0].count("Période de validité") == 2
    assert "Vos garanties" in pages[1]


def test_the_card_is_refused_from_the_day_after_the_last_covered_day(bench: Bench, dominique: Any) -> None:
    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    assert bench.as_(dominique, on=LAST_DAY).get("/me/card").json["block"]["ends_on"] == "2026-06-30"
    for path in ("/me/card", "/me/card.pdf"):
        refused = bench.as_(dominique, on=DAY_AFTER).get(path)
        assert (refused.status_code, refused.json["type"]) == (409, "/problemes/carte-refusee")
        assert refused.json["ends_on"] == "2026-06-30"
        assert refused.json["status_label"] == "Portabilité en attente de justificatif"
        assert refused.json["detail"].startswith("Votre carte n'est plus valable depuis le 01/07/2026. Fin de contrat le 30/06/2026")


def test_the_card_is_not_ready_before_the_first_day(bench: Bench, dominique: Any) -> None:
    refused = bench.as_(dominique, on=date(2026, 1, 31)).get("/me/card")
    assert refused.status_code == 409
    assert refused.json["detail"] == "Votre carte sera disponible le 01/02/2026, premier jour de vos droits."


def test_a_cancelled_radiation_gives_the_card_back(bench: Bench, dominique: Any) -> None:
    from tests.members.people import rank

    bench.tell(ends(declaration(1), employment(DOMINIQUE)))
    bench.tell(ends(declaration(2, 6, type="cancels", target=rank(1)), employment(DOMINIQUE)))
    assert bench.as_(dominique, on=DAY_AFTER).get("/me/card.pdf").status_code == 200


def test_rights_under_a_contract_not_opened_yet_have_no_card(bench: Bench) -> None:
    bench.tell(finalised(DOMINIQUE))
    refused = bench.as_(member(bench, DOMINIQUE), on=IN_MAY).get("/me/card")
    assert (refused.status_code, refused.json["type"]) == (409, "/problemes/carte-refusee")


def test_the_card_is_for_its_member(bench: Bench, dominique: Any) -> None:
    assert bench.as_(EMPLOYER).get("/me/card").status_code == 403
    assert bench.anonymous().get("/me/card").status_code == 401


def test_words_shrink_then_are_cut_to_their_place() -> None:
    assert fitted("Court", REGULAR, 9, 40) == ("Court", 9)
    words, size = fitted("Un nom si long qu'il ne tient jamais dans sa case" * 2, REGULAR, 9, 20)
    assert (words[-1], size) == ("…", SMALLEST)
    assert list(runs([1, 1, 0, 1])) == [(0, 2), (3, 1)]
