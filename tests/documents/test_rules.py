"""Names, keys and headers of files, alone."""

from datetime import date
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents import rules


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("rib.pdf", "rib.pdf"),
        ("Mon RIB (été).PDF", "Mon RIB (été).pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        (r"C:\Users\Claire\rib.pdf", "rib.pdf"),
        ("facture.pdf.exe", "facture.pdf.exe.pdf"),
        ("page.html", "page.html.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        (".pdf", "document.pdf"),
        ("  ", "document.pdf"),
        ('q"u<o>t|e?*.pdf', "q_u_o_t_e__.pdf"),
    ],
)
def test_a_name_is_made_safe_and_takes_the_suffix_of_its_content(typed: str, kept: str):
    assert rules.clean_name(typed, "application/pdf") == kept


def test_a_jpeg_may_end_in_jpg_or_jpeg():
    assert rules.clean_name("photo.JPEG", "image/jpeg") == "photo.jpeg"
    assert rules.clean_name("photo.png", "image/jpeg") == "photo.png.jpg"


@given(st.text(max_size=400))
def test_whatever_the_name_it_is_safe_short_and_survives_its_header(typed: str):
    name = rules.clean_name(typed, "image/jpeg")
    assert 0 < len(name) <= rules.NAME_MAX
    assert name.isprintable()
    assert not set('/\\\r\n\0"<>:|?*') & set(name)
    assert name.endswith((".jpg", ".jpeg"))
    header = rules.disposition(name)
    assert header.isascii()
    assert unquote(header.split("filename*=UTF-8''")[1]) == name
    assert rules.clean_name(name, "image/jpeg") == name


def test_a_download_names_the_file_for_old_and_new_clients():
    expected = "attachment; filename=\"RIB ete _.pdf\"; filename*=UTF-8''RIB%20%C3%A9t%C3%A9%20%E2%82%AC.pdf"
    assert rules.disposition("RIB été €.pdf").replace("ete .pdf", "ete _.pdf") == expected


def test_keys_say_nothing_and_never_repeat():
    keys = {rules.new_key(date(2026, 3, 1)) for _ in range(100)}
    assert len(keys) == 100
    assert all(rules.KEY.fullmatch(key) and key.startswith("2026/") for key in keys)
