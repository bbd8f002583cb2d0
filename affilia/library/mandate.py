"""The SEPA direct debit mandate, to print, fill in and sign: one page, with the words of the European rulebook (EPC016-06, annex VII)."""

import io

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from affilia.library.sources import Sources
from chassis.pen import REGULAR, Pen

HEIGHT, LEFT, WIDTH = 297.0, 18.0, 174.0
INK, GREY, LINE = "#16202a", "#5b6773", "#aab4bd"
TITLE = "Mandat de prélèvement SEPA"
CONSENT = (
    "En signant ce formulaire de mandat, vous autorisez {creditor} à envoyer des instructions à votre banque pour débiter votre compte, et"
    " votre banque à débiter votre compte conformément aux instructions de {creditor}. Vous bénéficiez du droit d'être remboursé par votre"
    " banque selon les conditions décrites dans la convention que vous avez passée avec elle. Toute demande de remboursement doit être"
    " présentée dans les 8 semaines suivant la date de débit de votre compte pour un prélèvement autorisé."
)
ASKED = ("Nom et prénom, ou raison sociale", "Adresse", "Code postal et ville", "Pays")
IBAN_GROUPS, BIC_LENGTH, CELL = (4, 4, 4, 4, 4, 4, 3), 11, 5.4
NOTE = "Vos droits concernant ce mandat sont expliqués dans un document que vous pouvez obtenir auprès de votre banque."


def mandate(brand: Sources) -> bytes:
    """The PDF of a brand: its name and address as the creditor's."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, lang="fr-FR", pageCompression=1, invariant=1)
    canvas.setTitle(f"{TITLE} — {brand.name}")
    canvas.setAuthor(brand.name)
    _Form(Pen(canvas, HEIGHT), brand).draw()
    canvas.save()
    return content.getvalue()


class _Form:
    """One page, from the top to the bottom."""

    def __init__(self, pen: Pen, brand: Sources) -> None:
        self._pen, self._brand, self._colour = pen, brand, brand.identity.colours["brand"]

    def draw(self) -> None:
        self._head()
        self._consent()
        self._debtor()
        self._account()
        self._creditor()
        self._signature()
        self._pen.text(LEFT, 276, NOTE, 8, GREY, width=WIDTH)

    def _head(self) -> None:
        self._pen.box(0, 0, 210, 5, self._colour)
        self._pen.text(LEFT, 20, TITLE, 19, self._colour, bold=True)
        self._pen.text(LEFT, 27, self._brand.name, 11, INK)
        self._pen.text(LEFT, 37, "Référence unique du mandat (complétée par nos soins)", 8.5, GREY)
        self._pen.outline(LEFT, 39.5, WIDTH, 9, LINE, radius=1.5)

    def _consent(self) -> None:
        style = ParagraphStyle("consent", fontName=REGULAR, fontSize=9, leading=12.5, textColor=HexColor(INK))
        words = Paragraph(CONSENT.format(creditor=self._brand.identity.legal_name), style)
        _width, height = words.wrapOn(self._pen.canvas, WIDTH * mm, 40 * mm)
        words.drawOn(self._pen.canvas, LEFT * mm, (HEIGHT - 53) * mm - height)

    def _debtor(self) -> None:
        self._title(88, "Vous")
        for place, label in enumerate(ASKED):
            top = 92.0 + 13 * place
            self._pen.text(LEFT, top + 3, label, 8.5, GREY)
            self._pen.outline(LEFT, top + 4.5, WIDTH, 7.5, LINE, radius=1.5)

    def _account(self) -> None:
        self._title(152, "Votre compte")
        self._pen.text(LEFT, 158, "IBAN", 8.5, GREY)
        left = LEFT
        for size in IBAN_GROUPS:
            left = self._comb(left, 159.5, size) + 2
        self._pen.text(LEFT, 172, "BIC (8 ou 11 caractères)", 8.5, GREY)
        self._comb(LEFT, 173.5, BIC_LENGTH)

    def _comb(self, left: float, top: float, size: int) -> float:
        """A row of boxes, one a character; returns where it ends."""
        for place in range(size):
            self._pen.outline(left + place * CELL, top, CELL, 7, LINE, radius=0.4)
        return left + size * CELL

    def _creditor(self) -> None:
        self._title(192, "Le créancier")
        name, *address = self._brand.messaging.postal_return
        for place, line in enumerate((self._brand.identity.legal_name, name, ", ".join(address))):
            self._pen.text(LEFT, 198 + 5.5 * place, line, 10, INK, width=WIDTH)
        self._pen.text(LEFT, 215, "Identifiant créancier SEPA (complété par nos soins)", 8.5, GREY)
        self._pen.text(LEFT, 221, "Type de paiement : récurrent", 10, INK)

    def _signature(self) -> None:
        self._title(232, "Votre signature")
        self._pen.text(LEFT, 238, "Fait à", 8.5, GREY)
        self._pen.outline(LEFT, 239.5, 55, 9, LINE, radius=1.5)
        self._pen.text(LEFT + 60, 238, "Le", 8.5, GREY)
        self._pen.outline(LEFT + 60, 239.5, 35, 9, LINE, radius=1.5)
        self._pen.text(LEFT + 100, 238, "Signature", 8.5, GREY)
        self._pen.outline(LEFT + 100, 239.5, WIDTH - 100, 27, LINE, radius=1.5)
        self._pen.text(LEFT, 256, "À renvoyer signé avec votre RIB,", 9, INK, width=95)
        self._pen.text(LEFT, 261, "depuis votre espace ou à l'adresse du créancier.", 9, INK, width=95)

    def _title(self, top: float, words: str) -> None:
        self._pen.text(LEFT, top, words, 12, self._colour, bold=True)
        self._pen.rule(LEFT, top + 1.6, WIDTH, self._colour)
