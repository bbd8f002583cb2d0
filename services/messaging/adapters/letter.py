"""The letter as a PDF: A4, an address that shows through a window envelope, the code in large type, a QR of the personal address.

All lengths are in millimetres from the top left corner; ReportLab counts points from the bottom.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from chassis.config import Identity
from chassis.pen import BOLD, REGULAR, embed_fonts

INK, MUTED, LINE = HexColor("#1b2733"), HexColor("#52606d"), HexColor("#cfd8df")

LEFT, RIGHT = 20.0, 190.0
WINDOW_LEFT, WINDOW_TOP, WINDOW_LEADING = 105.0, 58.0, 4.3
"""NF Z 10-011: through the 100 × 35 mm window of a 110 × 220 envelope, a sheet folded in three always shows the rectangle from
(100, 55) to (190, 79), however it slides; six lines of 4.3 mm stand in it."""
FIRST_FOLD = 99.0
BODY_TOP, BODY_BOTTOM = 122.0, 268.0
SIZES = (10.5, 10.0, 9.5, 9.0, 8.5)
"""Points: the first size at which the whole letter stands on its page."""
QR_SIDE, PANEL_INSIDE, GAP = 38.0, 7.0, 5.0
CODE_SIZES = (30, 26, 22, 18, 14)


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a letter says. ``opening`` and ``closing`` hold paragraphs set apart by an empty line; ``link`` is what the QR opens."""

    identity: Identity
    sender: tuple[str, ...]
    to: tuple[str, ...]
    written_on: str
    subject: str
    opening: str
    panel: str
    closing: str
    signature: str
    code: str
    link: str
    support: str


def print_letter(letter: Letter) -> bytes:
    """The PDF: one page, fonts embedded, the code and the QR as vectors."""
    embed_fonts()
    buffer = io.BytesIO()
    page = _Page(Canvas(buffer, pagesize=A4, lang="fr-FR", pageCompression=1), letter)
    page.draw()
    return buffer.getvalue()


class _Page:
    """One sheet, drawn from the top to the bottom."""

    def __init__(self, canvas: Canvas, letter: Letter) -> None:
        self.canvas, self.letter = canvas, letter
        self.colours = {name: HexColor(value) for name, value in letter.identity.colours.items()}

    def draw(self) -> None:
        self.canvas.setTitle(self.letter.subject)
        self.canvas.setAuthor(self.letter.identity.name)
        self._letterhead()
        self._address()
        self._heading()
        self._message()
        self._footer()
        self.canvas.showPage()
        self.canvas.save()

    def _letterhead(self) -> None:
        self._fill(0, 0, 210, 5, "brand")
        self._fill(0, 5, 210, 1.2, "accent")
        self._write(LEFT, 24, self.letter.identity.name, BOLD, 20, self.colours["brand"])
        for place, line in enumerate(self.letter.sender):
            self._write(LEFT, 32 + place * 4.2, line, REGULAR, 9, MUTED)

    def _address(self) -> None:
        for place, line in enumerate(self.letter.to):
            self._write(WINDOW_LEFT, WINDOW_TOP + place * WINDOW_LEADING, line, REGULAR, _fitting(line, 11, RIGHT - WINDOW_LEFT), INK)
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(4 * mm, _up(FIRST_FOLD), 8 * mm, _up(FIRST_FOLD))  # where the sheet is folded

    def _heading(self) -> None:
        self._write(WINDOW_LEFT, 100, f"Le {self.letter.written_on}", REGULAR, 10.5, INK)
        size = _fitting(self.letter.subject, 13, RIGHT - LEFT, BOLD)
        self._write(LEFT, 113, self.letter.subject, BOLD, size, self.colours["brand"])

    def _message(self) -> None:
        opening, closing = self._laid_out(SIZES[-1])
        for size in SIZES:
            opening, closing = self._laid_out(size)
            if _height((*opening, *closing)) + self._panel_height() + 2 * GAP <= BODY_BOTTOM - BODY_TOP:
                break
        top = self._flow(opening, BODY_TOP)
        top = self._panel(top + GAP) + GAP
        self._flow(closing, top)

    def _laid_out(self, size: float) -> tuple[list[Paragraph], list[Paragraph]]:
        style = ParagraphStyle("text", fontName=REGULAR, fontSize=size, leading=size * 1.5, textColor=INK, spaceAfter=size * 0.7)
        strong = ParagraphStyle("signature", parent=style, fontName=BOLD, spaceBefore=size)
        return _paragraphs(self.letter.opening, style), [
            *_paragraphs(self.letter.closing, style),
            *_paragraphs(self.letter.signature, strong),
        ]

    def _panel_height(self) -> float:
        return QR_SIDE + 2 * PANEL_INSIDE

    def _panel(self, top: float) -> float:
        self.canvas.setFillColor(self.colours["brand_soft"])
        height = self._panel_height()
        self.canvas.roundRect(LEFT * mm, _up(top + height), (RIGHT - LEFT) * mm, height * mm, 3 * mm, stroke=0, fill=1)
        self._qr(LEFT + PANEL_INSIDE, top + PANEL_INSIDE)
        left = LEFT + QR_SIDE + 2 * PANEL_INSIDE + 2
        style = ParagraphStyle("panel", fontName=REGULAR, fontSize=10.5, leading=15.5, textColor=INK)
        text = self._flow(_paragraphs(self.letter.panel, style), top + PANEL_INSIDE, left=left)
        self._code(left, (text + top + height - PANEL_INSIDE) / 2 + 3)
        return top + height

    def _code(self, left: float, baseline: float) -> None:
        width = (RIGHT - PANEL_INSIDE - left) * mm
        spacing = 1.5
        size = next(
            (s for s in CODE_SIZES if pdfmetrics.stringWidth(self.letter.code, BOLD, s) + spacing * len(self.letter.code) <= width), 11
        )
        self.canvas.saveState()  # the wider spacing is this line's alone
        text = self.canvas.beginText(left * mm, _up(baseline))
        text.setFont(BOLD, size)
        text.setCharSpace(spacing)
        text.setFillColor(self.colours["brand"])
        text.textOut(self.letter.code)
        self.canvas.drawText(text)
        self.canvas.restoreState()

    def _qr(self, left: float, top: float) -> None:
        """The QR as rectangles, one per run of dark modules, on white with the quiet zone of four modules (ISO/IEC 18004)."""
        rows = [bytes(row) for row in segno.make(self.letter.link, error="m", micro=False).matrix]
        side = QR_SIDE / (len(rows) + 8)
        self.canvas.setFillColor(HexColor("#ffffff"))
        self.canvas.roundRect(left * mm, _up(top + QR_SIDE), QR_SIDE * mm, QR_SIDE * mm, 1.5 * mm, stroke=0, fill=1)
        self.canvas.setFillColor(INK)
        path = self.canvas.beginPath()
        for line, row in enumerate(rows):
            for start, length in _runs(row):
                path.rect((left + (start + 4) * side) * mm, _up(top + (line + 5) * side), length * side * mm, side * mm)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def _footer(self) -> None:
        identity = self.letter.identity
        lines = [
            identity.legal_name,
            f"Une question ? {self.letter.support} (appel non surtaxé)" if self.letter.support else "",
            f"Une réclamation ? {identity.complaints}" if identity.complaints else "",
        ]
        self.canvas.setStrokeColor(LINE)
        self.canvas.line(LEFT * mm, _up(275), RIGHT * mm, _up(275))
        for place, line in enumerate(filter(None, lines)):
            self._write(LEFT, 280 + place * 4, line, REGULAR, _fitting(line, 8, RIGHT - LEFT), MUTED)

    def _flow(self, paragraphs: Iterable[Paragraph], top: float, *, left: float = LEFT) -> float:
        width = (RIGHT - left - (PANEL_INSIDE if left > LEFT else 0)) * mm
        for paragraph in paragraphs:
            _, height = paragraph.wrapOn(self.canvas, width, A4[1])
            paragraph.drawOn(self.canvas, left * mm, _up(top) - height)
            top += (height + paragraph.getSpaceAfter()) / mm
        return top

    def _write(self, left: float, baseline: float, line: str, font: str, size: float, colour: Color) -> None:
        self.canvas.setFillColor(colour)
        self.canvas.setFont(font, size)
        self.canvas.drawString(left * mm, _up(baseline), line)

    def _fill(self, left: float, top: float, width: float, height: float, colour: str) -> None:
        self.canvas.setFillColor(self.colours[colour])
        self.canvas.rect(left * mm, _up(top + height), width * mm, height * mm, stroke=0, fill=1)


def _up(from_top: float) -> float:
    return float(A4[1]) - from_top * mm


def _paragraphs(text: str, style: ParagraphStyle) -> list[Paragraph]:
    return [Paragraph(escape(" ".join(part.split("\n"))), style) for part in text.split("\n\n") if part.strip()]


def _height(paragraphs: Iterable[Paragraph]) -> float:
    """Of paragraphs as wide as the page, in millimetres."""
    return sum((p.wrap((RIGHT - LEFT) * mm, A4[1])[1] + p.getSpaceAfter()) / mm for p in paragraphs)


def _fitting(line: str, size: float, width: float, font: str = REGULAR) -> float:
    """The size, in points, at which a line fits the width."""
    needed = pdfmetrics.stringWidth(line, font, size) / mm
    return size if needed <= width else size * width / needed


def _runs(row: bytes) -> Iterable[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = None
    for place, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
