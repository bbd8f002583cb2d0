"""Files that people send, good and bad, all built here."""

import io
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image
from ppf.datamatrix import DataMatrix
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **options: Any) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, size, 90).save(buffer, kind, **options)
    return buffer.getvalue()


def animation(frames: int) -> bytes:
    """A GIF of that many different frames."""
    pictures = [Image.new("RGB", (4, 4), (number % 256, 40, number // 256 * 90)) for number in range(frames)]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], optimize=False)
    return buffer.getvalue()


def pdf(title: str = "Attestation") -> bytes:
    """A PDF of one page."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 760, title)
    canvas.save()
    return buffer.getvalue()


def scanned(symbol: str, kind: str = "PNG", turned: float = 3) -> bytes:
    """An A4 page at 150 dpi with a symbol of 24 mm in its corner, laid askew on the glass."""
    modules = DataMatrix(symbol).matrix
    square = Image.new("L", (len(modules[0]), len(modules)), 255)
    square.putdata([0 if module else 255 for row in modules for module in row])
    page = Image.new("L", (1240, 1754), 255)
    page.paste(square.resize((142, 142)), (1000, 70))
    content = io.BytesIO()
    page.rotate(turned, fillcolor=255).save(content, kind)
    return content.getvalue()


def written_pdf(catalog: str = "", *objects: str, pages: str = "/Kids [3 0 R] /Count 1", more: str = "") -> bytes:
    """A PDF written by hand: entries of its catalogue, more objects numbered from 4, entries of its trailer."""
    bodies = [
        f"<</Type /Catalog /Pages 2 0 R {catalog}>>",
        f"<</Type /Pages {pages}>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>>",
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate((*bodies, *objects), start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size, start = len(offsets) + 1, len(content)
    trailer = f"trailer\n<</Size {size} /Root 1 0 R {more}>>\nstartxref\n{start}\n%%EOF\n"
    return content + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode()


def rewritten_pdf(change: Callable[[PdfWriter], object]) -> bytes:
    """A good PDF that pypdf wrote again after a change."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG whose header announces a size, whatever follows."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
