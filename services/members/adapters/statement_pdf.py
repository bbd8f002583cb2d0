"""Reimbursements on paper: one décompte, or all that a filter asks for. The same lines always make the same bytes."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from chassis.config import Identity
from chassis.labels import _
from chassis.pen import Pen
from services.members.rules.card import day
from services.members.rules.money import words

MEDIA_TYPE = "application/pdf"
PAGE_HEIGHT, MARGIN, WIDTH = 297.0, 15.0, 180.0
TOP, STEP, PER_PAGE = 52.0, 7.0, 30
INK, GREY, PALE = "#16202a", "#5b6773", "#d5dbe1"
BRAND = "#0b4f6c"
TEXTS = ((0.0, 20.0, _("Soins du")), (21.0, 33.0, _("Bénéficiaire")), (55.0, 47.0, _("Soin")))
"""Columns of words: where they begin, how wide they are, what they are called."""
AMOUNTS = ((122.0, "cost", _("Frais réels")), (141.0, "base_scheme", _("Ass. Maladie")), (160.0, "complementary", _("Nous")))
"""Columns of euros: where they end, which amount they show, what they are called."""
LEFT = (180.0, "left", _("Reste"))
TO_THIRD_PARTY = _("* payé directement au professionnel de santé")


@dataclass(frozen=True)
class Paper:
    """A title, what it is about, and its lines."""

    title: str
    about: str
    lines: Sequence[Mapping[str, Any]]


def draw(paper: Paper, identity: Identity) -> bytes:
    """The PDF: a table, as many pages as it takes, and its totals."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, lang="fr-FR", pageCompression=1, invariant=1)
    canvas.setTitle(paper.title)
    canvas.setAuthor(identity.name)
    canvas.setCreator("Affilia")
    pen, colour = Pen(canvas, PAGE_HEIGHT), identity.colours.get("brand", BRAND)
    for number, lines in enumerate(_pages(paper.lines)):
        if number:
            canvas.showPage()
        _page(pen, paper, lines, identity, colour)
    _totals(pen, paper.lines, TOP + STEP * (1 + len(lines)), colour)
    canvas.save()
    return content.getvalue()


def _pages(lines: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    """At least one page, even of nothing."""
    yield from (lines[start : start + PER_PAGE] for start in range(0, max(1, len(lines)), PER_PAGE))


def _page(pen: Pen, paper: Paper, lines: Sequence[Mapping[str, Any]], identity: Identity, colour: str) -> None:
    pen.text(MARGIN, 20, identity.name, 10, GREY)
    pen.text(MARGIN, 29, paper.title, 17, colour, bold=True, width=WIDTH)
    pen.text(MARGIN, 36, paper.about, 9.5, INK, width=WIDTH)
    with pen.at(MARGIN, TOP):
        _heading(pen)
        for place, line in enumerate(lines, start=1):
            with pen.at(0, STEP * place):
                _row(pen, line)


def _heading(pen: Pen) -> None:
    for x, width, title in TEXTS:
        pen.text(x, 0, title, 8.5, GREY, bold=True, width=width)
    for x, _name, title in (*AMOUNTS, LEFT):
        pen.right(x, 0, title, 8.5, GREY, bold=True, width=18)
    pen.rule(0, 2, WIDTH, GREY)


def _row(pen: Pen, line: Mapping[str, Any]) -> None:
    who = f"{line['beneficiary']['first_name']} {line['beneficiary']['last_name']}"
    mark = " *" if line["paid_to"] == "third_party" else ""
    for (x, width, _title), said in zip(TEXTS, (day(line["care_on"]), who, line["care"] + mark), strict=True):
        pen.text(x, 0, said, 8.5, INK, width=width)
    for x, name, _title in (*AMOUNTS, LEFT):
        pen.right(x, 0, words(line[name]), 8.5, INK, width=18)
    pen.rule(0, 2, WIDTH, PALE)


def _totals(pen: Pen, lines: Sequence[Mapping[str, Any]], top: float, colour: str) -> None:
    with pen.at(MARGIN, top):
        pen.text(0, 0, _("Total"), 9, colour, bold=True)
        for x, name, _title in (*AMOUNTS, LEFT):
            pen.right(x, 0, words(sum((line[name] for line in lines), Decimal(0))), 9, colour, bold=True, width=18)
        pen.text(0, 8, TO_THIRD_PARTY, 8, GREY)
