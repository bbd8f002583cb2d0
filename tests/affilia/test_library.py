"""The documents that the platform comes with: drawn for each brand, in its words, and taken by its own inspector (S1:371-382)."""

import io

import pytest
from pypdf import PdfReader

from affilia import library
from affilia.installation import BRANDS
from services.documents.adapters import pdfs

OURS = tuple(sorted(path.stem for path in BRANDS.glob("*.toml")))


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize("key", OURS)
def test_each_brand_has_every_document_of_its_base_in_its_own_words(key: str):
    brand = library.sources(BRANDS, key)
    assert {item.key for item in brand.documents.base} <= library.SHELF.keys()
    for name in library.SHELF:
        content = library.draw(brand, name)
        pdfs.check(content)
        assert brand.name in text_of(content)
        assert content == library.draw(brand, name), "the same words make the same bytes"


def test_the_guides_say_what_the_settings_say():
    hcr = library.sources(BRANDS, "hcr")
    guide, mandate = text_of(library.draw(hcr, "guide_entreprise")), text_of(library.draw(hcr, "mandat_sepa"))
    assert "au moins 12 caractères, avec une majuscule, une minuscule et un chiffre ou un caractère spécial" in guide
    assert "Radiation d'un salarié : réponse sous 2 jours ouvrés" in guide
    assert "01 44 20 80 63" in guide  # S1:390
    assert "dans les 8 semaines suivant la date de débit" in mandate
    assert "SIACI SAINT HONORE" in mandate
    assert hcr.identity.sender_email in text_of(library.draw(hcr, "email_affiliation"))
    assert "article L911-8" in text_of(library.draw(hcr, "guide_pratique"))
