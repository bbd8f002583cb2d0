"""PDFs, by pypdf: they must parse, have pages, be open to all, and do nothing by themselves."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from chassis.problems import Refusal
from services.documents import errors

OBJECTS_MAX = 20_000
"""About three seconds of reading."""

ACTIVE_KEYS = {"/JS", "/JavaScript", "/AA", "/Launch", "/EmbeddedFiles", "/XFA", "/RichMedia"}
"""Keys of a dictionary that make a PDF act or carry something (ISO 32000-1 §7.7.4, §7.11.4, §12.6, §12.7.8, §13)."""

ACTIVE_VALUES = {
    "/S": {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/Rendition", "/Movie", "/RichMediaExecute"},
    "/Type": {"/EmbeddedFile"},
    "/Subtype": {"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"},
}
HIDDEN = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
"""The same, looked for in the raw bytes: an object that pypdf does not reach may be reached by another reader."""

ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def check(content: bytes) -> None:
    """Raises ``PdfProtected``, ``PdfWithoutPage``, ``PdfActive``, ``PdfTooComplex``, ``Unreadable``."""
    try:
        _check(content)
    except Refusal:
        raise
    except Exception as error:  # a parser fails in a dozen ways on hostile bytes: whatever it is, it is the file's doing
        raise errors.Unreadable from error


def _check(content: bytes) -> None:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        raise errors.PdfProtected
    if sum(map(len, reader.xref.values())) + len(reader.xref_objStm) > OBJECTS_MAX:
        raise errors.PdfTooComplex
    if len(reader.pages) == 0:
        raise errors.PdfWithoutPage
    if HIDDEN.search(_unescaped(content)) or any(_acts(dictionary) for dictionary in _dictionaries(reader)):
        raise errors.PdfActive


def _unescaped(content: bytes) -> bytes:
    """``/J#61vaScript`` is ``/JavaScript`` to every reader."""
    return ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content)


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, nested ones too. References are not followed: each object is met by its number."""
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    waiting: list[Any] = [reader.trailer]
    waiting += (reader.get_object(IndirectObject(number, generation, reader)) for number, generation in numbers)
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            yield thing
            waiting += [value for value in thing.values() if isinstance(value, DictionaryObject | ArrayObject)]
        elif isinstance(thing, ArrayObject):
            waiting += [value for value in list(thing) if isinstance(value, DictionaryObject | ArrayObject)]


def _acts(dictionary: DictionaryObject) -> bool:
    if ACTIVE_KEYS & dictionary.keys() or _opens_with_an_action(dictionary):
        return True
    return any(str(dictionary.get(key)) in values for key, values in ACTIVE_VALUES.items())


def _opens_with_an_action(dictionary: DictionaryObject) -> bool:
    """Whether opening the file does more than show a page of it: LibreOffice writes such a destination into all its PDFs."""
    action = dictionary.get("/OpenAction")
    action = action.get_object() if isinstance(action, IndirectObject) else action
    if isinstance(action, DictionaryObject):
        return str(action.get("/S")) != "/GoTo" or "/Next" in action
    return False
