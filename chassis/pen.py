"""A pen for ReportLab: millimetres from the top left corner, an embedded font that holds Œ, € and the dashes, text that fits its place."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).resolve().parent / "fonts"
REGULAR, BOLD = "AtkinsonHyperlegible-Regular", "AtkinsonHyperlegible-Bold"
SMALLEST = 4.5
ELLIPSIS = "…"


@cache
def embed_fonts() -> None:
    """Make the fonts known to ReportLab, bold as the strong form of the regular one."""
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD)


class Pen:
    """Draws on one page of ``height`` mm, from an origin that :meth:`at` moves."""

    def __init__(self, canvas: Canvas, height: float) -> None:
        embed_fonts()
        self.canvas, self._height, self._left, self._top = canvas, height, 0.0, 0.0

    @contextmanager
    def at(self, left: float, top: float) -> Iterator["Pen"]:
        """The same pen, its origin moved for a while."""
        before = self._left, self._top
        self._left, self._top = before[0] + left, before[1] + top
        yield self
        self._left, self._top = before

    def text(self, x: float, y: float, words: str, size: float, colour: str, *, bold: bool = False, width: float | None = None) -> None:
        """Words from ``x``, their base line at ``y``; smaller, then cut, when ``width`` mm are too few."""
        font = BOLD if bold else REGULAR
        words, size = fitted(words, font, size, width)
        self._write(self._x(x), self._y(y), words, font, size, colour)

    def right(self, x: float, y: float, words: str, size: float, colour: str, *, bold: bool = False, width: float | None = None) -> None:
        """Words that end at ``x``."""
        font = BOLD if bold else REGULAR
        words, size = fitted(words, font, size, width)
        self._write(self._x(x) - pdfmetrics.stringWidth(words, font, size), self._y(y), words, font, size, colour)

    def centred(self, x: float, y: float, words: str, size: float, colour: str, *, bold: bool = False, width: float | None = None) -> None:
        """Words around ``x``."""
        font = BOLD if bold else REGULAR
        words, size = fitted(words, font, size, width)
        self._write(self._x(x) - pdfmetrics.stringWidth(words, font, size) / 2, self._y(y), words, font, size, colour)

    def box(self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0) -> None:
        """A filled rectangle whose top left corner is at ``x``, ``y``."""
        self.canvas.setFillColor(HexColor(fill))
        self.canvas.roundRect(self._x(x), self._y(y + height), width * mm, height * mm, radius * mm, stroke=0, fill=1)

    def disc(self, x: float, y: float, radius: float, fill: str) -> None:
        self.canvas.setFillColor(HexColor(fill))
        self.canvas.circle(self._x(x), self._y(y), radius * mm, stroke=0, fill=1)

    def rule(self, x: float, y: float, width: float, colour: str, weight: float = 0.4) -> None:
        """A horizontal line, ``weight`` in points."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(weight)
        self.canvas.line(self._x(x), self._y(y), self._x(x + width), self._y(y))

    def outline(self, x: float, y: float, width: float, height: float, colour: str, *, radius: float, dash: Sequence[float] = ()) -> None:
        """A rounded frame, dashed where scissors go."""
        self.canvas.saveState()
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(0.6)
        self.canvas.setDash(list(dash))
        self.canvas.roundRect(self._x(x), self._y(y + height), width * mm, height * mm, radius * mm, stroke=1, fill=0)
        self.canvas.restoreState()

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float, radius: float) -> Iterator[None]:
        """Nothing is drawn outside a rounded rectangle for a while."""
        self.canvas.saveState()
        path = self.canvas.beginPath()
        path.roundRect(self._x(x), self._y(y + height), width * mm, height * mm, radius * mm)
        self.canvas.clipPath(path, stroke=0, fill=0)
        yield
        self.canvas.restoreState()

    def modules(self, x: float, y: float, side: float, matrix: Sequence[Sequence[int]]) -> None:
        """A 2D symbol of ``side`` mm as one vector path: crisp at any size."""
        step = side / len(matrix)
        path = self.canvas.beginPath()
        for row, line in enumerate(matrix):
            for start, length in runs(line):
                path.rect(self._x(x + start * step), self._y(y + (row + 1) * step), length * step * mm, step * mm)
        self.canvas.setFillColor(HexColor("#000000"))
        self.canvas.drawPath(path, stroke=0, fill=1)

    def _write(self, x: float, y: float, words: str, font: str, size: float, colour: str) -> None:
        self.canvas.setFillColor(HexColor(colour))
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, y, words)

    def _x(self, x: float) -> float:
        return (self._left + x) * mm

    def _y(self, y: float) -> float:
        return (self._height - self._top - y) * mm


def fitted(words: str, font: str, size: float, width: float | None) -> tuple[str, float]:
    """The words and the size at which they hold in ``width`` mm."""
    words = "".join(character if character.isprintable() else " " for character in words)
    if width is None:
        return words, size
    while size > SMALLEST and pdfmetrics.stringWidth(words, font, size) > width * mm:
        size -= 0.25
    while len(words) > 1 and pdfmetrics.stringWidth(words, font, size) > width * mm:
        words = words[:-2].rstrip() + ELLIPSIS
    return words, size


def runs(line: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Start and length of each run of dark modules."""
    start = None
    for place, dark in enumerate([*line, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
