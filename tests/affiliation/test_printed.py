"""Forms to print: the newcomer's (S1:208) and the employee's, handed over by the employer (S1:216); neither holds the person's secret."""

import io
from uuid import UUID

import pytest
from pypdf import PdfReader

from identifiers import paper
from tests.affiliation.people import BISTROT, CASEY, CHARLIE, CONTRACT, DOMINIQUE, FORM, HELENE, RESTAURANT, VICTOR, House, applicant


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 1
    return pages[0].extract_text()


def test_helene_prints_the_form_of_an_employee_from_the_follow_up(house: House) -> None:
    affiliation_id, dominique = house.started(DOMINIQUE)
    dominique.put("/journey/draft", json=FORM)
    answer = house.as_(HELENE).get(f"/affiliations/{affiliation_id}/bulletin.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    printed = text_of(answer.data)
    for word in (
        "Bulletin d'affiliation",
        "ESSAI Dominique",
        "RESTAURANT FICTIF",
        "01/02/2026",
        paper.code(UUID(affiliation_id)),
        "Relevé d'identité",
    ):
        assert word in printed
    for secret in (FORM["nir"], FORM["iban"], "rue des Halles", "dominique@exemple.fr"):
        assert secret not in printed


def test_a_blank_form_names_the_establishment_and_its_contracts(house: House) -> None:
    answer = house.as_(HELENE).get(f"/affiliations/form.pdf?siret={RESTAURANT}")
    printed = text_of(answer.data)
    for word in ("Pré-affiliation d'un nouveau salarié", "RESTAURANT FICTIF", CONTRACT, RESTAURANT, "IBAN"):
        assert (word in printed) is (word != "IBAN")


@pytest.mark.parametrize("siret", [BISTROT, "35600000000048"])
def test_a_foreign_establishment_has_no_form_here(house: House, siret: str) -> None:
    assert house.as_(HELENE).get(f"/affiliations/form.pdf?siret={siret}").status_code == 404


def test_dominique_may_fill_it_in_on_paper_too(house: House) -> None:
    """S1:228: « le transmet par courrier »; somebody else's form is not hers."""
    affiliation_id, other = house.declared(DOMINIQUE), house.declared(CHARLIE)
    dominique = house.as_(applicant(affiliation_id))
    assert paper.code(UUID(affiliation_id)) in text_of(dominique.get(f"/affiliations/{affiliation_id}/bulletin.pdf").data)
    assert dominique.get(f"/affiliations/{other}/bulletin.pdf").status_code == 404


def test_who_may_not_see_an_affiliation_prints_nothing_of_it(house: House) -> None:
    affiliation_id = house.declared(CHARLIE)
    assert house.as_(VICTOR).get(f"/affiliations/{affiliation_id}/bulletin.pdf").status_code == 404
    assert house.as_(CASEY).get(f"/affiliations/{affiliation_id}/bulletin.pdf").status_code == 200
