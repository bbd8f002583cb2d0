"""Forms on paper (S1:208, S1:216, S1:226-228): what is known is printed, the rest are boxes; a code says what the paper is about.

The code is no secret: it opens nothing, it only lets a scan, or a caseworker's keyboard, find the declaration again. Millimetres, A4.
"""

import io

from ppf.datamatrix import DataMatrix
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from chassis.config import Identity
from chassis.labels import _
from chassis.pen import Pen
from services.affiliation.rules import Bulletin

MEDIA_TYPE = "application/pdf"
PAGE_HEIGHT, LEFT, WIDTH, BOTTOM = 297.0, 15.0, 180.0, 262.0
INK, GREY, LINE = "#16202a", "#5b6773", "#aab4bd"
COMB, NARROW_COMB, MOST_WIDE = 5.6, 4.6, 22
SYMBOL = 24.0
FAMILY_ROWS = 4
FAMILY = ((_("Lien"), 24.0), (_("Nom"), 46.0), (_("Prénom"), 36.0), (_("Né(e) le"), 26.0), (_("Numéro de sécurité sociale"), 48.0))
RETURN = _("À compléter, signer et renvoyer avec les pièces, à : {address}")
SWORN = _("Je certifie l'exactitude de mes déclarations.")


def draw(bulletin: Bulletin, identity: Identity) -> bytes:
    """The PDF: one page."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, lang="fr-FR", pageCompression=1)
    canvas.setTitle(bulletin.title)
    canvas.setAuthor(identity.name)
    _Sheet(Pen(canvas, PAGE_HEIGHT), bulletin, identity).draw()
    canvas.save()
    return content.getvalue()


class _Sheet:
    """One page, from the top to the bottom; ``top`` is where the next thing goes."""

    def __init__(self, pen: Pen, bulletin: Bulletin, identity: Identity) -> None:
        self._pen, self._bulletin, self._identity = pen, bulletin, identity
        self._brand = identity.colours["brand"]
        self._top = 46.0

    def draw(self) -> None:
        self._head()
        self._section(_("Déjà connu"))
        for label, value in self._bulletin.known:
            self._told(label, value)
        self._section(_("À compléter"))
        for label, characters in self._bulletin.asked:
            self._asked(label, characters)
        if self._bulletin.family:
            self._family()
        if self._bulletin.pieces:
            self._pieces()
        self._foot()

    def _head(self) -> None:
        pen = self._pen
        pen.box(0, 0, 210, 5, self._brand)
        pen.text(LEFT, 20, self._identity.name, 17, self._brand, bold=True, width=140)
        pen.text(LEFT, 29, self._bulletin.title, 13, INK, bold=True)
        pen.text(LEFT, 36, RETURN.format(address=self._bulletin.return_address), 8, GREY, width=150)
        pen.modules(LEFT + WIDTH - SYMBOL, 12, SYMBOL, DataMatrix(self._bulletin.symbol).matrix)
        pen.right(LEFT + WIDTH, 12 + SYMBOL + 4, self._bulletin.code, 9, INK)

    def _section(self, title: str) -> None:
        self._pen.text(LEFT, self._top + 4, title, 10.5, self._brand, bold=True)
        self._pen.rule(LEFT, self._top + 6, WIDTH, self._brand, 0.8)
        self._top += 10

    def _told(self, label: str, value: str) -> None:
        self._pen.text(LEFT, self._top + 3, label, 8.5, GREY)
        self._pen.text(LEFT + 52, self._top + 3, value, 9.5, INK, bold=True, width=WIDTH - 52)
        self._top += 5.4

    def _asked(self, label: str, characters: int) -> None:
        self._pen.text(LEFT, self._top + 5, label, 8.5, INK, width=50)
        step = COMB if characters <= MOST_WIDE else NARROW_COMB
        boxes = [(place * step, step - 0.6) for place in range(characters)] or [(0.0, WIDTH - 52)]
        for left, width in boxes:
            self._pen.outline(LEFT + 52 + left, self._top, width, 7.5, LINE, radius=0.6)
        self._top += 9.6

    def _family(self) -> None:
        self._section(_("Les personnes à couvrir avec vous (conjoint, enfants)"))
        left = LEFT
        for label, width in FAMILY:
            self._pen.text(left + 1, self._top + 2.5, label, 7.5, GREY, width=width - 2)
            for row in range(FAMILY_ROWS):
                self._pen.outline(left, self._top + 4 + row * 8, width - 0.8, 7.2, LINE, radius=0.5)
            left += width
        self._top += 6 + FAMILY_ROWS * 8

    def _pieces(self) -> None:
        self._section(_("Les pièces à joindre"))
        for label, reason in self._bulletin.pieces:
            self._pen.outline(LEFT, self._top - 0.6, 3.4, 3.4, INK, radius=0.4)
            self._pen.text(LEFT + 6, self._top + 2.2, label, 9, INK, bold=True, width=78)
            self._pen.text(LEFT + 86, self._top + 2.2, reason, 8, GREY, width=WIDTH - 86)
            self._top += 5.8

    def _foot(self) -> None:
        self._pen.text(LEFT, BOTTOM + 4, SWORN, 9, INK)
        self._pen.text(LEFT, BOTTOM + 13, _("Fait à                                              le"), 9, INK)
        self._pen.text(LEFT + 105, BOTTOM + 4, _("Signature"), 9, GREY)
        self._pen.outline(LEFT + 105, BOTTOM + 6, 75, 20, LINE, radius=1)
