"""The papers of the story: pieces that people upload, and the declarations that the payroll writes."""

import io
from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from affilia.story.cast import Cast
from feeds.dsn import writer
from identifiers import invented

SAMPLE = Cast.of_the_sample()


def pdf(title: str) -> bytes:
    """A one-page PDF that carries its title."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(72, 760, title)
    canvas.save()
    return buffer.getvalue()


def iban(seed: str) -> str:
    """An IBAN that no bank gave."""
    return invented.iban(seed)


@lru_cache
def lot(cast: Cast) -> bytes:
    """The sample lot, told of the people of ``cast``."""
    people = ("dominique", "charlie", "andrea")
    numbers = {getattr(SAMPLE, who).nir13: getattr(cast, who).nir13 for who in people}
    return writer.with_people(writer.sample(), siren=cast.siren, replacements=numbers | {SAMPLE.contract: cast.contract})


def declarations(cast: Cast) -> list[bytes]:
    """The five declarations of the lot, each as a file of its own: 043, its replacement, 088, its cancellation, a maintained cover."""
    return writer.split(lot(cast))
