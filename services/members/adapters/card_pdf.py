"""The tiers-payant card as a PDF to print, cut and show: the normalised block, the beneficiaries, the guarantees and the DataMatrix."""

import io
from collections.abc import Iterator, Mapping, Sequence

from ppf.datamatrix import DataMatrix
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from chassis.config import Identity
from chassis.labels import _
from chassis.pen import Pen
from identifiers.text import folded
from services.members.rules.card import Beneficiary, Card, Guarantee
from services.members.rules.reasons import day

MEDIA_TYPE = "application/pdf"
PAGE_HEIGHT, MARGIN = 297.0, 15.0
WIDTH, HEIGHT, RADIUS = 180.0, 113.5, 5.0
"""Twice the size of a bank card (ISO 7810 ID-1), in millimetres: it reads at a counter and folds into a wallet."""
INSIDE = 6.0
BAND = 17.0
PER_CARD = 6
"""Beneficiaries on one card; a larger family gets a second card."""
COLUMNS = 9
GRID_ROWS = 2
FIRST_CARD, CARD_STEP = 44.0, 122.0
INK, GREY, PALE, WHITE = "#16202a", "#5b6773", "#d5dbe1", "#ffffff"
LEVELS = _("Contrat {contract}. Les niveaux comprennent la part de l'assurance maladie.")
FALLBACK = {"brand": "#0b4f6c", "brand_ink": WHITE, "brand_soft": "#e6f1f5", "accent": "#c2410c"}


def draw(card: Card, identity: Identity) -> bytes:
    """The PDF: one card for six beneficiaries, two a page, then what the domains mean."""
    content = io.BytesIO()
    canvas = Canvas(content, pagesize=A4, lang="fr-FR", pageCompression=1)
    _describe(canvas, card, identity)
    pen, look = Pen(canvas, PAGE_HEIGHT), {**FALLBACK, **identity.colours}
    families = [card.beneficiaries[start : start + PER_CARD] for start in range(0, len(card.beneficiaries), PER_CARD)]
    for number, family in enumerate(families):
        if number % 2 == 0:
            _start_page(pen, card, look, fresh=number > 0)
        with pen.at(MARGIN, FIRST_CARD + CARD_STEP * (number % 2)):
            _card(pen, card, family, identity, look)
    _legend(pen, card, look, below=len(families) % 2 == 1)
    canvas.save()
    return content.getvalue()


def file_name(card: Card) -> str:
    """``carte-de-tiers-payant-2026.pdf``."""
    return f"{folded(card.name).replace(' ', '-')}-{card.block.ends_on.year}.pdf"


def _describe(canvas: Canvas, card: Card, identity: Identity) -> None:
    canvas.setTitle(f"{_capital(card.name)} {card.block.ends_on.year}")
    canvas.setAuthor(identity.name)
    canvas.setSubject(card.regime)
    canvas.setCreator("Affilia")


def _start_page(pen: Pen, card: Card, look: Mapping[str, str], *, fresh: bool) -> None:
    if fresh:
        pen.canvas.showPage()
    pen.text(MARGIN, 22, _("Votre {card}").format(card=card.name), 20, look["brand"], bold=True)
    pen.text(MARGIN, 30, _("Découpez-la le long des pointillés et présentez-la avec votre carte Vitale."), 10, INK)
    pen.text(MARGIN, 35.5, card.mention, 8.5, GREY, width=WIDTH)


def _card(pen: Pen, card: Card, family: Sequence[Beneficiary], identity: Identity, look: Mapping[str, str]) -> None:
    with pen.clipped(0, 0, WIDTH, HEIGHT, RADIUS):
        pen.box(0, 0, WIDTH, HEIGHT, WHITE)
        _band(pen, card, identity, look)
        _foot(pen, card, identity, look)
    pen.outline(0, 0, WIDTH, HEIGHT, GREY, radius=RADIUS, dash=(3, 2))
    _block(pen, card, look)
    _symbol(pen, card)
    _family(pen, family, look)
    _grid(pen, card.guarantees, look)


def _band(pen: Pen, card: Card, identity: Identity, look: Mapping[str, str]) -> None:
    """The brand, the card's name and its year."""
    pen.box(0, 0, WIDTH, BAND, look["brand"])
    pen.box(0, BAND, WIDTH, 1.1, look["accent"])
    pen.text(INSIDE, 8.4, identity.name, 18, look["brand_ink"], bold=True, width=100)
    pen.text(INSIDE, 13.6, card.regime if card.regime != identity.name else card.contract_label, 8.5, look["brand_ink"], width=100)
    pen.right(WIDTH - INSIDE, 8.0, _capital(card.name), 13, look["brand_ink"], bold=True, width=70)
    pen.right(WIDTH - INSIDE, 13.6, str(card.block.ends_on.year), 11, look["brand_ink"])


def _block(pen: Pen, card: Card, look: Mapping[str, str]) -> None:
    """The normalised block: five labelled data, validity first, labels printed even when a value is empty; R when responsible."""
    block = card.block
    pen.box(INSIDE, 22, 135, 25.5, look["brand_soft"], radius=2.5)
    with pen.at(INSIDE + 4, 22):
        _datum(pen, 0, 5.6, _("Période de validité"), block.validity, 14, 92)
        for x, label, value, width in (
            (0, _("N° AMC"), block.amc_number, 28),
            (31, _("Type de convention"), block.convention_type, 26),
            (60, _("CSR"), block.csr, 18),
            (81, _("N° d'adhérent"), block.member_number, 46),
        ):
            _datum(pen, x, 16.8, label, value, 11.5, width)
        if card.responsible:
            pen.disc(119.5, 7.2, 4.4, look["brand"])
            pen.centred(119.5, 9.1, "R", 15, look["brand_ink"], bold=True)


def _datum(pen: Pen, x: float, y: float, label: str, value: str, size: float, width: float) -> None:
    pen.text(x, y, label, 6.8, GREY, width=width)
    pen.text(x, y + 5.6, value, size, INK, bold=True, width=width)


def _symbol(pen: Pen, card: Card) -> None:
    """The DataMatrix, with the quiet zone that readers need."""
    side = 25.5
    pen.modules(WIDTH - INSIDE - side, 22, side, DataMatrix(card.datamatrix).matrix)


def _family(pen: Pen, family: Sequence[Beneficiary], look: Mapping[str, str]) -> None:
    """One line a beneficiary: who, born when, which number."""
    columns = ((0, _("Bénéficiaires"), 78), (80, _("Qualité"), 27), (108, _("Né(e) le"), 20), (130, _("N° de sécurité sociale"), 38))
    with pen.at(INSIDE, 53):
        for x, title, width in columns:
            pen.text(x, 0, title, 6.8, GREY, width=width)
        pen.rule(0, 1.4, WIDTH - 2 * INSIDE, look["brand"], 0.8)
        for row, person in enumerate(family):
            _person(pen, 5.4 + row * 4.55, person, [x for x, _title, _width in columns], [width for *_rest, width in columns])


def _person(pen: Pen, y: float, person: Beneficiary, places: Sequence[float], widths: Sequence[float]) -> None:
    said = (f"{person.last_name} {person.first_name}", person.kinship, day(person.birth_on), person.nir)
    for x, words, width, bold in zip(places, said, widths, (True, False, False, False), strict=True):
        pen.text(x, y, words, 8.8, INK, bold=bold, width=width)


def _grid(pen: Pen, guarantees: Sequence[Guarantee], look: Mapping[str, str]) -> None:
    """The domains and what each pays; what does not fit is on the sheet."""
    shown = guarantees[: COLUMNS * GRID_ROWS]
    width = (WIDTH - 2 * INSIDE) / COLUMNS
    with pen.at(INSIDE, 84.5):
        for place, guarantee in enumerate(shown):
            with pen.at(place % COLUMNS * width, place // COLUMNS * 10.2):
                pen.box(0.4, 0, width - 0.8, 4.2, look["brand"], radius=0.8)
                pen.centred(width / 2, 3.05, guarantee.domain, 7.2, look["brand_ink"], bold=True, width=width - 2)
                pen.box(0.4, 4.4, width - 0.8, 4.8, look["brand_soft"], radius=0.8)
                pen.centred(width / 2, 7.7, guarantee.level, 7.6, INK, bold=True, width=width - 2)


def _foot(pen: Pen, card: Card, identity: Identity, look: Mapping[str, str]) -> None:
    """Contract, employer, and whom to call."""
    pen.rule(INSIDE, 106.4, WIDTH - 2 * INSIDE, PALE)
    pen.text(INSIDE, 110.2, f"{card.contract_label} · {card.employer}", 7, GREY, width=92)
    pen.right(WIDTH - INSIDE, 110.2, _line(identity), 7, GREY, width=74)


def _line(identity: Identity) -> str:
    line = next((line for line in identity.support if line.space == "assure"), None)
    return f"{identity.legal_name} · {line.phone}" if line else identity.legal_name


def _legend(pen: Pen, card: Card, look: Mapping[str, str], *, below: bool) -> None:
    """What the domains mean, in full: under a lone card, else on a page of its own."""
    if not card.guarantees:
        return
    if not below:
        pen.canvas.showPage()
    with pen.at(MARGIN, FIRST_CARD + HEIGHT + 14 if below else 22):
        pen.text(0, 0, _("Vos garanties"), 13, look["brand"], bold=True)
        pen.text(
            0,
            5.4,
            _("Contrat {contract}. Les niveaux comprennent la part de l'assurance maladie.").format(contract=card.contract_label),
            8.5,
            GREY,
        )
        for x, y, guarantee in _places(card.guarantees):
            _meaning(pen, x, y, guarantee)


def _places(guarantees: Sequence[Guarantee]) -> Iterator[tuple[float, float, Guarantee]]:
    half = (len(guarantees) + 1) // 2
    for place, guarantee in enumerate(guarantees):
        yield (place // half) * 93.0, 12.5 + (place % half) * 5.2, guarantee


def _meaning(pen: Pen, x: float, y: float, guarantee: Guarantee) -> None:
    pen.text(x, y, guarantee.domain, 8.5, INK, bold=True, width=15)
    pen.text(x + 16, y, guarantee.label, 8.5, INK, width=46)
    pen.right(x + 86, y, guarantee.level, 8.5, INK, bold=True, width=24)
    pen.rule(x, y + 1.5, 86, PALE, 0.3)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
