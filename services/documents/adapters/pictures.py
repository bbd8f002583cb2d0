"""Pictures, by Pillow: fully decoded, then drawn again, so that nothing else than points is left (EXIF, comments, hidden files)."""

from collections.abc import Iterator
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from PIL import Image, ImageOps, ImageSequence

from chassis.problems import Refusal
from services.documents import errors
from services.documents.rules import MediaType

POINTS_MAX = 50_000_000
FRAMES_MAX = 50
AT_ONCE = BoundedSemaphore(2)
"""Fifty million points take 300 MB while they are drawn: two pictures at a time, the others wait."""

FORMATS: dict[MediaType, str] = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF"}
OPTIONS: dict[str, dict[str, Any]] = {"JPEG": {"quality": 90}, "PNG": {"compress_level": 3}, "GIF": {"save_all": True, "loop": 0}}


def redraw(content: bytes, media_type: MediaType) -> bytes:
    """The same picture, of the same type, drawn again. Raises ``PictureTooLarge``, ``TooManyFrames``, ``Unreadable``."""
    try:
        with AT_ONCE, Image.open(BytesIO(content), formats=[FORMATS[media_type]]) as picture:
            return _drawn(picture, FORMATS[media_type])
    except Refusal:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise errors.PictureTooLarge(max_points=POINTS_MAX) from error
    except Exception as error:  # decoders fail in a dozen ways on hostile bytes: whatever it is, it is the file's doing
        raise errors.Unreadable from error


def _drawn(picture: Image.Image, kind: str) -> bytes:
    first, *others = list(_frames(picture, kind))
    buffer = BytesIO()
    options = OPTIONS[kind] | ({"append_images": others} if others else {})
    first.save(buffer, kind, **options)
    return buffer.getvalue()


def _frames(picture: Image.Image, kind: str) -> Iterator[Image.Image]:
    """The frames to keep, bare: all those of a GIF, the first of the others (a phone's JPEG may hold two). Caps count all of them."""
    number = getattr(picture, "n_frames", 1)
    if number > FRAMES_MAX:
        raise errors.TooManyFrames(max_frames=FRAMES_MAX)
    kept = ImageSequence.Iterator(picture) if kind == "GIF" else iter([picture])
    _cap(picture.width * picture.height * (number if kind == "GIF" else 1))
    points = 0
    for frame in kept:
        points += frame.width * frame.height  # a frame may be larger than the screen the header announced
        _cap(points)
        yield _bare(frame)


def _cap(points: int) -> None:
    if points > POINTS_MAX:
        raise errors.PictureTooLarge(max_points=POINTS_MAX)


def _bare(frame: Image.Image) -> Image.Image:
    """Points and transparency, upright, and nothing of what was written beside them."""
    frame.load()
    upright = _upright(frame)
    mode = "L" if upright.mode == "L" else "RGBA" if upright.has_transparency_data else "RGB"
    bare = upright if upright.mode == mode else upright.convert(mode)
    bare.info = {}
    return bare


def _upright(frame: Image.Image) -> Image.Image:
    """A copy, turned as its EXIF says, since the EXIF goes; a broken EXIF turns nothing."""
    try:
        return ImageOps.exif_transpose(frame)
    except Exception:  # metadata nobody keeps is no reason to refuse a photograph
        return frame.copy()
