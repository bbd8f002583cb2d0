"""A booklet and how it is laid out: a coloured head, numbered sections, steps and facts, a foot on every page. A4, fonts embedded."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Paragraph, Table, TableStyle
from reportlab.platypus.doctemplate import NextPageTemplate

from chassis.config import Identity, SupportLine
from chassis.pen import BOLD, REGULAR, Pen, embed_fonts

INK, GREY, LINE = "#1b2733", "#52606d", "#cfd8df"
HEIGHT, WIDTH, SIDE = 297.0, 210.0, 20.0
FIRST_TOP, NEXT_TOP, BOTTOM = 62.0, 24.0, 24.0
TEXT = ParagraphStyle("text", fontName=REGULAR, fontSize=10.5, leading=15.5, textColor=HexColor(INK), spaceAfter=5)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=9.5, leading=13.5, spaceAfter=0)
LABEL = ParagraphStyle("label", parent=SMALL, textColor=HexColor(GREY))


@dataclass(frozen=True, kw_only=True)
class Section:
    """A title, what is said under it, then steps in their order, or facts as label and value."""

    title: str
    lines: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Booklet:
    """A document of the base. ``lead`` says in a sentence what it is for."""

    title: str
    lead: str
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Press:
    """Prints booklets in a brand's colours; ``support`` is the line that its readers call."""

    identity: Identity
    support: SupportLine | None

    def print(self, booklet: Booklet) -> bytes:
        """The PDF, the same bytes each time for the same words."""
        embed_fonts()
        content = io.BytesIO()
        document = BaseDocTemplate(
            content, pagesize=A4, title=booklet.title, author=self.identity.name, lang="fr-FR", pageCompression=1, invariant=1
        )
        document.addPageTemplates([
            PageTemplate("first", [_frame(FIRST_TOP)], onPage=lambda canvas, _document: self._first(canvas, booklet)),
            PageTemplate("next", [_frame(NEXT_TOP)], onPage=lambda canvas, _document: self._next(canvas, booklet)),
        ])  # fmt: skip
        document.build([NextPageTemplate("next"), *self._story(booklet)])
        return content.getvalue()

    def _story(self, booklet: Booklet) -> Iterator[Flowable]:
        heading = ParagraphStyle(
            "heading", parent=TEXT, fontName=BOLD, fontSize=13.5, leading=18, textColor=HexColor(self.identity.colours["brand"]),
            spaceBefore=9, spaceAfter=4,
        )  # fmt: skip
        for number, section in enumerate(booklet.sections, start=1):
            parts: list[Flowable] = [Paragraph(f"{number}. {escape(section.title)}", heading)]
            parts += [Paragraph(escape(line), TEXT) for line in section.lines]
            parts += [_steps(section.steps, self.identity.colours["brand"])] if section.steps else []
            parts += [_facts(section.facts)] if section.facts else []
            yield KeepTogether(parts)

    def _first(self, canvas: Canvas, booklet: Booklet) -> None:
        pen, brand = Pen(canvas, HEIGHT), self.identity.colours["brand"]
        pen.box(0, 0, WIDTH, 46, brand)
        pen.text(SIDE, 18, self.identity.name, 11, self.identity.colours["brand_ink"], bold=True, width=170)
        pen.text(SIDE, 31, booklet.title, 22, self.identity.colours["brand_ink"], bold=True, width=170)
        pen.text(SIDE, 40, booklet.lead, 10.5, self.identity.colours["brand_ink"], width=170)
        pen.box(0, 46, WIDTH, 1.6, self.identity.colours["accent"])
        self._foot(pen, canvas)

    def _next(self, canvas: Canvas, booklet: Booklet) -> None:
        pen = Pen(canvas, HEIGHT)
        pen.box(0, 0, WIDTH, 4, self.identity.colours["brand"])
        pen.text(SIDE, 14, f"{self.identity.name} · {booklet.title}", 9, GREY, width=170)
        self._foot(pen, canvas)

    def _foot(self, pen: Pen, canvas: Canvas) -> None:
        line = f"Une question ? {self.support.phone}, {self.support.hours}" if self.support else self.identity.legal_name
        pen.rule(SIDE, 279, WIDTH - 2 * SIDE, LINE)
        pen.text(SIDE, 285, line, 8, GREY, width=150)
        pen.right(WIDTH - SIDE, 285, f"Page {canvas.getPageNumber()}", 8, GREY)


def _frame(top: float) -> Frame:
    return Frame(SIDE * mm, BOTTOM * mm, (WIDTH - 2 * SIDE) * mm, (HEIGHT - top - BOTTOM) * mm, 0, 0, 0, 0)


def _steps(steps: tuple[str, ...], colour: str) -> Table:
    number = ParagraphStyle("number", parent=TEXT, fontName=BOLD, textColor=HexColor(colour), spaceAfter=0)
    said = ParagraphStyle("step", parent=TEXT, spaceAfter=0)
    rows = [[Paragraph(str(place), number), Paragraph(escape(step), said)] for place, step in enumerate(steps, start=1)]
    return Table(rows, colWidths=[8 * mm, None], style=TableStyle([*_PLAIN, ("BOTTOMPADDING", (0, 0), (-1, -1), 4)]), spaceAfter=4)


def _facts(facts: tuple[tuple[str, str], ...]) -> Table:
    rows = [[Paragraph(escape(label), LABEL), Paragraph(escape(value), SMALL)] for label, value in facts]
    ruled: list[Any] = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor(LINE)),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
    ]
    return Table(rows, colWidths=[58 * mm, None], style=TableStyle([*_PLAIN, *ruled]), spaceAfter=6)


_PLAIN: list[Any] = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
]
