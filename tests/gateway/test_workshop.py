"""The producers' page: what it explains, what it gives, and the file that it checks without keeping anything, JavaScript or not."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

import gateway
from feeds.dsn.writer import MONTHLY_SAMPLE, sample
from gateway import checking, workshop

FRONT = {"Host": "localhost"}
DOCS = Path(gateway.__file__).resolve().parents[1] / "docs"


def sent(visit: Client, content: bytes, name: str = "paie.dsn") -> TestResponse:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    kind = "multipart/form-data; boundary=x"
    return visit.post("/producteurs", data=head + content + b"\r\n--x--\r\n", content_type=kind, headers=FRONT)


def test_the_page_says_how_one_becomes_a_producer(visit: Client):
    page = visit.get("/producteurs", headers=FRONT)
    assert page.status_code == 200
    for said in (
        "affilia feed dsn publish",
        "affilia feed receipts",
        "/_feed/key",
        "AFFILIA_FEED_TOKEN",
        "asyncapi.json",
        "5 Mo",
        "cinq faits",
        ".whl[feed]",
    ):
        assert said in page.text
    assert "<script" not in page.text
    assert "/producteurs" in visit.get("/", headers=FRONT).text


def test_everything_it_links_is_there(visit: Client):
    """Samples that the kit reads, the schemas of ``docs/schemas``, the catalogue: the same documents as in the repository."""
    for name, one in workshop.SAMPLES.items():
        answer = visit.get(f"/producteurs/exemples/{name}", headers=FRONT, buffered=True)
        assert (answer.status_code, answer.data) == (200, one.file.read_bytes())
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert (report := checking.report(BytesIO(answer.data))).refused == 0
        assert report.kind == one.kind
        assert "cinq faits" not in one.about or report.facts == 5
    for file in (DOCS / "schemas").iterdir():
        assert visit.get(f"/producteurs/schemas/{file.name}", headers=FRONT).data == file.read_bytes()
    served = visit.get("/producteurs/asyncapi.json", headers=FRONT).json
    assert served["channels"].keys() == json.loads((DOCS / "asyncapi.json").read_text())["channels"].keys()


@pytest.mark.parametrize("path", ["exemples/../../feed.py", "exemples/rien.csv", "schemas/members.rights_changed.v1.json", "rien"])
def test_nothing_else_is_given(visit: Client, path: str):
    assert visit.get(f"/producteurs/{path}", headers=FRONT).status_code == 404


def test_a_good_file_is_said_to_be_good(visit: Client):
    page = sent(visit, sample(MONTHLY_SAMPLE))
    assert page.status_code == 200
    assert "Rien à corriger" in page.text
    assert "DSN (NEODeS)" in page.text


def test_what_is_wrong_is_shown_with_its_line_and_nothing_of_the_file(visit: Client):
    spoilt = sample(MONTHLY_SAMPLE).replace(b"S21.G00.30.002,'ESSAI'", b"S21.G00.30.002,'<script>alert(1)</script>'")
    page = sent(visit, spoilt, "<img src=x>.dsn")
    assert "<strong>Ligne " in page.text
    assert "S21.G00.30.002" in page.text
    assert not any(text in page.text for text in ("<script", "alert(1)", "<img src=x"))
    assert "1 défaut à corriger" in page.text


def test_a_large_file_is_read_in_memory_and_one_too_large_is_not_read(visit: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("werkzeug.formparser.default_stream_factory", lambda *_, **__: pytest.fail("written to the disk"))
    content = sample(MONTHLY_SAMPLE) * (2_000_000 // len(sample(MONTHLY_SAMPLE)))
    assert "Rien à corriger" in sent(visit, content).text
    assert sent(visit, b" " * 5_000_001).status_code == 413


@pytest.mark.parametrize("data", [{}, {"file": (BytesIO(b""), "")}, {"file": "texte"}])
def test_a_form_without_a_file_is_told(visit: Client, data: dict[str, object]):
    answer = visit.post("/producteurs", data=data, headers=FRONT)
    assert (answer.status_code, "Choisissez un fichier" in answer.text) == (422, True)


def test_too_many_at_once_are_told_to_come_back(visit: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(checking, "PATIENCE_S", 0.01)
    with checking._turn(), checking._turn():
        assert sent(visit, b"{}").status_code == 429
