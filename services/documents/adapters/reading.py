"""What may be kept of a file that somebody sent: its true type by its bytes, a picture drawn again, a PDF that does nothing."""

from io import BytesIO
from zipfile import is_zipfile

import puremagic

from services.documents import errors
from services.documents.adapters import pdfs, pictures
from services.documents.config import Inspected
from services.documents.rules import MediaType, type_by_signature


def inspect(content: bytes, accepted: tuple[MediaType, ...]) -> Inspected:
    """The file as it will be kept. Raises the refusal that says what is wrong with it."""
    if not content:
        raise errors.EmptyFile
    media_type = type_by_signature(content)
    if media_type not in accepted or not _seconded(content, media_type):
        raise errors.TypeRefused(accepted=list(accepted))
    if media_type == "application/pdf":
        _check_pdf(content)
        return Inspected(media_type=media_type, content=content)
    return Inspected(media_type=media_type, content=pictures.redraw(content, media_type))


def _seconded(content: bytes, media_type: MediaType) -> bool:
    """Whether puremagic, which knows hundreds of formats, reads that type among what the bytes may be."""
    try:
        return any(match.mime_type == media_type for match in puremagic.magic_string(content))
    except (puremagic.PureError, ValueError):
        return False


def _check_pdf(content: bytes) -> None:
    """A PDF is kept as it came: one that is an archive too is refused, pictures are drawn again instead."""
    if is_zipfile(BytesIO(content)):
        raise errors.PdfActive
    pdfs.check(content)
