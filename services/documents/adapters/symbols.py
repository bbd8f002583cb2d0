"""What the square symbol of a paper form says (S1:208, S1:216), by zxing-cpp, on a file already found harmless."""

from collections.abc import Iterator
from io import BytesIO

import zxingcpp
from PIL import Image
from pypdf import PdfReader

from services.documents.adapters.pictures import AT_ONCE
from services.documents.rules import MediaType

PAGES = 3
SIDE = 4_000
"""Points a side beyond which a page is made smaller before it is looked at: an A4 page at 300 dpi has 3,508."""


def read(content: bytes, media_type: MediaType) -> str | None:
    """The first symbol of a scan, ``None`` when there is none that can be read. A PDF is looked at by the pictures of its first pages."""
    try:
        with AT_ONCE:
            found = (symbol.text for picture in _pictures(content, media_type) for symbol in _symbols(picture))
            return next(found, None)
    except Exception:  # decoders fail in a dozen ways: what cannot be read is typed
        return None


def _pictures(content: bytes, media_type: MediaType) -> Iterator[Image.Image]:
    if media_type != "application/pdf":
        yield Image.open(BytesIO(content))
        return
    for page in PdfReader(BytesIO(content)).pages[:PAGES]:
        yield from (picture.image for picture in page.images if picture.image is not None)


def _symbols(picture: Image.Image) -> list[zxingcpp.Barcode]:
    grey = picture.convert("L")
    grey.thumbnail((SIDE, SIDE))
    return list(zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.DataMatrix)))
