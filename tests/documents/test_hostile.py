"""Thirty-odd files that somebody should not send: each is refused with a sentence, none breaks anything."""

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from sqlalchemy import text

from chassis.actor import SYSTEM
from chassis.testing import Bench
from events.documents import Received
from tests.documents import papers
from tests.documents.people import DOMINIQUE, read, send, sent

SCRIPT = b"<html><script>alert(document.cookie)</script></html>"
JS = "<</S /JavaScript /JS (app.alert(1))>>"


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as opened:
        opened.writestr("rib.exe", b"MZ")
    return buffer.getvalue()


def workbook() -> bytes:
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def named_script(writer: Any) -> None:
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")})
    writer._root_object[NameObject("/OpenAction")] = writer._add_object(script)


def in_an_object_stream() -> bytes:
    """The action hides in a compressed object, where a search in the bytes sees nothing."""
    inner = b"<</S /JavaScript /JS (app.alert(1))>>"
    packed = zlib_stream(b"5 0 " + inner, "/Type /ObjStm /N 1 /First 4 /Length {}")
    objects = [
        b"<</Type /Catalog /Pages 2 0 R /OpenAction 5 0 R>>",
        b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>>",
        packed,
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = [(0, 0, 255), *((1, offset, 0) for offset in offsets), (2, 4, 0), (1, len(content), 0)]
    table = b"".join(kind.to_bytes(1, "big") + place.to_bytes(4, "big") + last.to_bytes(1, "big") for kind, place, last in rows)
    xref = zlib_stream(table, "/Type /XRef /W [1 4 1] /Size 7 /Root 1 0 R /Length {}")
    return content + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (xref, len(content))


def zlib_stream(data: bytes, entries: str) -> bytes:
    packed = zlib.compress(data)
    return f"<<{entries.format(len(packed))} /Filter /FlateDecode>>\nstream\n".encode() + packed + b"\nendstream"


JPEG, GIF, PNG, PDF = papers.picture("JPEG"), papers.picture("GIF"), papers.picture("PNG"), papers.pdf()
CORPUS: dict[str, tuple[bytes, str]] = {
    # what it is: its bytes, the slug of its refusal
    "nothing": (b"", "fichier-vide"),
    "text": (b"bonjour", "type-de-fichier-refuse"),
    "zeros": (b"\0" * 1000, "type-de-fichier-refuse"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "type-de-fichier-refuse"),
    "html": (SCRIPT, "type-de-fichier-refuse"),
    "html before a PDF": (SCRIPT + PDF, "type-de-fichier-refuse"),
    "zip": (archive(), "type-de-fichier-refuse"),
    "xlsx": (workbook(), "type-de-fichier-refuse"),
    "elf program": (b"\x7fELF" + b"\0" * 60, "type-de-fichier-refuse"),
    "windows program": (b"MZ" + b"\0" * 60, "type-de-fichier-refuse"),
    "bmp": (papers.picture("BMP"), "type-de-fichier-refuse"),
    "webp": (papers.picture("WEBP"), "type-de-fichier-refuse"),
    "tiff": (papers.picture("TIFF"), "type-de-fichier-refuse"),
    "eps": (b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file", "type-de-fichier-refuse"),
    "signature of a jpeg alone": (b"\xff\xd8\xff", "fichier-illisible"),
    "truncated jpeg": (papers.picture("JPEG", (400, 300))[:900], "fichier-illisible"),
    "truncated png": (PNG[:50], "fichier-illisible"),
    "truncated gif": (GIF[:15], "fichier-illisible"),
    "html under a gif's signature": (b"GIF89a" + SCRIPT, "fichier-illisible"),
    "png of 25 gigapoints": (papers.png_of(160_000, 160_000), "image-trop-grande"),
    "png of 100 megapoints": (papers.png_of(10_000, 10_000), "image-trop-grande"),
    "png of 51 megapoints": (papers.picture("PNG", (7_200, 7_100), "1"), "image-trop-grande"),
    "png of no point": (papers.png_of(0, 0), "fichier-illisible"),
    "gif of 51 frames": (papers.animation(51), "image-trop-animee"),
    "signature of a pdf alone": (b"%PDF-1.7\n", "fichier-illisible"),
    "truncated pdf": (PDF[: len(PDF) // 2], "fichier-illisible"),
    "pdf without a page": (papers.written_pdf(pages="/Kids [] /Count 0"), "pdf-sans-page"),
    "pdf whose pages are their own parent": (papers.written_pdf(pages="/Kids [2 0 R] /Count 1"), "fichier-illisible"),
    "encrypted pdf": (papers.rewritten_pdf(lambda writer: writer.encrypt("secret", algorithm="RC4-128")), "pdf-protege"),
    "pdf open to read, closed to print": (
        papers.rewritten_pdf(lambda writer: writer.encrypt("", "owner", algorithm="RC4-128")),
        "pdf-protege",
    ),
    "pdf with a script at opening": (papers.rewritten_pdf(named_script), "pdf-actif"),
    "pdf with a script by its name": (papers.written_pdf("/Names <</JavaScript <</Names [(a) 4 0 R]>>>>", JS), "pdf-actif"),
    "pdf with an escaped script": (papers.written_pdf("/OpenAction 4 0 R", "<</S /J#61vaScript /J#53 (app.alert(1))>>"), "pdf-actif"),
    "pdf with a script nobody points to": (papers.written_pdf("", JS), "pdf-actif"),
    "pdf with a script in a compressed object": (in_an_object_stream(), "pdf-actif"),
    "pdf with a script its table does not know": (papers.written_pdf() + b"\n9 0 obj\n<</S /JavaScript>>\nendobj\n", "pdf-actif"),
    "pdf with a script after its destination": (
        papers.written_pdf(f"/OpenAction <</S /GoTo /D [3 0 R /Fit] /Next {JS}>>"),
        "pdf-actif",
    ),
    "pdf that launches a program": (papers.written_pdf("/OpenAction <</S /Launch /F (cmd.exe)>>"), "pdf-actif"),
    "pdf with automatic actions": (papers.written_pdf("/AA <</WC <</S /URI /URI (http://x.example)>>>>"), "pdf-actif"),
    "pdf that opens an address": (papers.written_pdf("/OpenAction <</S /URI /URI (http://x.example)>>"), "pdf-actif"),
    "pdf with an attachment": (papers.rewritten_pdf(lambda writer: writer.add_attachment("rib.exe", b"MZ")), "pdf-actif"),
    "pdf with an xfa form": (papers.written_pdf("/AcroForm <</XFA [(template) 4 0 R]>>", "<</Length 0>>"), "pdf-actif"),
    "pdf and zip in one": (PDF + archive(), "pdf-actif"),
}


@pytest.mark.parametrize(("content", "slug"), CORPUS.values(), ids=CORPUS.keys())
def test_a_hostile_file_is_refused_with_its_reason_and_leaves_nothing(bench: Bench, content: bytes, slug: str):
    answer = send(bench, content=content, kind="facture" if content.startswith(b"GIF") else "rib")
    assert (answer.status_code, answer.json["type"]) == (422, f"/problemes/{slug}"), answer.json
    assert answer.json["title"].endswith(".")
    assert bench.told(Received) == []
    with bench.running.begin(SYSTEM).session as session:
        assert session.scalar(text("SELECT count(*) FROM loose_object")) == 0


POLYGLOTS = {
    "gif and html": (GIF + SCRIPT, "facture"),
    "gif with a script in its comment": (papers.picture("GIF", comment=b"*/=1;alert(1)//"), "facture"),
    "jpeg and zip": (JPEG + archive(), "rib"),
    "jpeg and pdf": (JPEG + PDF, "rib"),
    "jpeg with a script in its comment": (papers.picture("JPEG", comment=SCRIPT), "rib"),
    "png and html": (PNG + SCRIPT, "rib"),
}


@pytest.mark.parametrize(("content", "kind"), POLYGLOTS.values(), ids=POLYGLOTS.keys())
def test_a_picture_that_is_something_else_too_becomes_a_picture_alone(bench: Bench, content: bytes, kind: str):
    received = read(bench, sent(bench, content=content, kind=kind)).data
    for trace in (b"script", b"alert", b"PK\x03\x04", b"%PDF", b"html"):
        assert trace not in received


NAMES = [
    *("../../../etc/cron.d/x", "..\\..\\x.pdf", "/etc/passwd", "C:\\x.pdf", "rib.pdf.exe", "rib.php", "a\tb.pdf"),
    *("x" * 3000, "\u202efdp.exe", " ", ";a=b", "'", "%2e%2e%2fx"),
]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: repr(name[:20]))
def test_a_hostile_name_is_made_harmless(bench: Bench, name: str, store_folder: Any):
    document_id = sent(bench, name=name)
    kept = bench.as_(DOMINIQUE).get(f"/files/{document_id}").json["name"]
    assert kept.endswith(".pdf")
    assert len(kept) <= 120
    assert not set('/\\\0\r\n\t"') & set(kept)
    header = read(bench, document_id).headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert all(path.parent.parent == store_folder for path in store_folder.rglob("*") if path.is_file())


def test_a_type_that_the_channel_does_not_take_is_refused_with_those_it_takes(bench: Bench):
    answer = send(bench, content=GIF, kind="rib")
    assert (answer.status_code, answer.json["accepted"]) == (422, ["application/pdf", "image/jpeg", "image/png"])


HUGE_FIELD = b'--b\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"x" * 1_000_000 + b"\r\n--b--\r\n"
Malformed = Callable[[], dict[str, Any]]
BODIES: dict[str, tuple[Malformed, int]] = {
    "nothing": (lambda: {}, 422),
    "json": (lambda: {"json": {"kind": "rib", "file": "x"}}, 422),
    "text in place of the file": (lambda: {"data": {"kind": "rib", "file": "x"}, "content_type": "multipart/form-data"}, 422),
    "no kind": (lambda: {"data": {"file": (io.BytesIO(PDF), "x.pdf")}}, 422),
    "unknown kind": (lambda: {"data": {"kind": "inconnu", "file": (io.BytesIO(PDF), "x.pdf")}}, 422),
    "kind with a zero": (lambda: {"data": {"kind": "rib\0", "file": (io.BytesIO(PDF), "x.pdf")}}, 422),
    "unknown field": (lambda: {"data": {"kind": "rib", "surprise": "x", "file": (io.BytesIO(PDF), "x.pdf")}}, 422),
    "unknown file": (lambda: {"data": {"kind": "rib", "surprise": (io.BytesIO(PDF), "y"), "file": (io.BytesIO(PDF), "x.pdf")}}, 422),
    "two files": (lambda: {"data": {"kind": "rib", "file": [(io.BytesIO(PDF), "x.pdf"), (io.BytesIO(PDF), "y.pdf")]}}, 422),
    "no boundary": (lambda: {"data": b"--b", "content_type": "multipart/form-data"}, 422),
    "broken multipart": (lambda: {"data": b"--b\r\nContent-Disposition", "content_type": "multipart/form-data; boundary=b"}, 422),
    "form of another sort": (lambda: {"data": "kind=rib&file=x", "content_type": "application/x-www-form-urlencoded"}, 422),
    "too many parts": (lambda: {"data": {f"k{number}": "x" for number in range(30)}, "content_type": "multipart/form-data"}, 413),
    "a field of a megabyte": (lambda: {"data": HUGE_FIELD, "content_type": "multipart/form-data; boundary=b"}, 413),
}


@pytest.mark.parametrize(("body", "status"), BODIES.values(), ids=BODIES.keys())
def test_a_body_that_is_no_upload_is_refused(bench: Bench, body: Malformed, status: int):
    answer = bench.as_(DOMINIQUE).post("/files", **body())
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), answer.data
    assert bench.told(Received) == []
