"""The letter as the print shop gets it: where the address stands, what can be read and scanned."""

import io

import pytest
from pypdf import PdfReader

from tests.messaging.test_words import CODE, LINK, OURS, compose

MM = 72 / 25.4
LILAS = "12 RUE DES LILAS\nBATIMENT C APPARTEMENT 4\nLIEU-DIT LE PETIT BOIS\nBP 90012\n75011 PARIS CEDEX 11"


def words_of(pdf):
    """Each text of the page with its place in millimetres from the top left corner."""
    found = []

    def visit(text, origin, matrix, _font, _size):
        if text.strip():
            found.append((text.strip(), (origin[4] + matrix[4]) / MM, 297 - (origin[5] + matrix[5]) / MM))

    [page] = PdfReader(io.BytesIO(pdf)).pages
    page.extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("brand", OURS)
def test_the_address_shows_through_the_window_and_nothing_else_does(brand):
    letter = compose("affiliation_letter", LINK, brand, "post", address=LILAS)
    shown = [(text, left, top) for text, left, top in words_of(letter.pdf) if top < 100 and left > 95]
    lines = [text for text, _, _ in shown if not text.startswith("Le ")]
    assert lines == ["Dominique ESSAI", *LILAS.splitlines()]
    for text, left, top in shown[: len(lines)]:
        assert left >= 100, text
        assert top - 3 >= 55, text
        assert top <= 80, text


def test_the_letter_says_its_code_once_and_where_to_type_it():
    letter = compose("affiliation_letter", LINK | {"token": "K7PM-3XQ9-TR4V"}, channel="post", address=LILAS)
    text = PdfReader(io.BytesIO(letter.pdf)).pages[0].extract_text()
    assert text.count("K7PM-3XQ9-TR4V") == 1
    assert "assure.hcr.exemple.fr/acces" in text
    assert "RESTAURANT FICTIF" in text
    assert "31 juillet 2026" in text
    assert letter.link == "https://assure.hcr.exemple.fr/acces/K7PM-3XQ9-TR4V"


def test_a_reminder_says_that_the_older_code_is_dead():
    text = compose("affiliation_letter", LINK | {"reminder": True}, channel="post", address=LILAS).text
    assert "ne fonctionne plus" in text


def test_a_company_gets_its_code_by_post_when_we_know_no_mail_address():
    letter = compose("activation_letter", CODE, channel="post", space="entreprise", address="SOCIETE FICTIVE\n3 AVENUE X\n69002 LYON")
    text = PdfReader(io.BytesIO(letter.pdf)).pages[0].extract_text()
    assert "482 913" in text
    assert "entreprise.hcr.exemple.fr" in text
    assert letter.to.startswith("SOCIETE FICTIVE")


def test_long_names_still_make_one_page_with_every_word_on_it():
    long = LINK | {
        "establishment": "LES GRANDES TABLES DU LITTORAL MEDITERRANEEN ET DE L'ARRIERE-PAYS " * 4,
        "first_name": "Jean-Zéphyrin " * 5,
    }
    pdf = compose("affiliation_letter", long, channel="post", address=LILAS).pdf
    for text, left, top in words_of(pdf):
        assert 0 <= left <= 195, text
        assert top <= 292, text
    assert "bulletin" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_fonts_travel_with_the_letter():
    fonts = PdfReader(io.BytesIO(compose("affiliation_letter", LINK, channel="post", address=LILAS).pdf)).pages[0]["/Resources"]["/Font"]
    embedded = [font.get_object() for font in fonts.values() if "FontDescriptor" in str(font.get_object())]
    assert embedded
    assert all("/FontFile2" in font["/FontDescriptor"] for font in embedded)
