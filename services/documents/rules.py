"""Names, keys, types and owners of files, as rules that need neither database nor decoder."""

import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from urllib.parse import quote

from chassis.labels import _

MediaType = Literal["application/pdf", "image/jpeg", "image/png", "image/gif"]
State = Literal["quarantine", "released", "refused"]

STATES: dict[State, str] = {
    "quarantine": _("En cours de vérification"),
    "released": _("Disponible"),
    "refused": _("Refusé"),
}
SIGNATURES: tuple[tuple[bytes, MediaType], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
SUFFIXES: dict[MediaType, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/png": (".png",),
    "image/gif": (".gif",),
}

INFECTED = _("L'antivirus a refusé ce fichier. Envoyez-en un autre.")
LOST = _("Ce fichier n'a pas pu être conservé. Envoyez-le à nouveau.")

NAME_MAX = 120
NAMELESS = "document"
FORBIDDEN_IN_NAMES = re.compile(r'[<>:"|?*]')  # what Windows refuses in a name; paths are cut before
INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}

PEOPLE = ("person:", "affiliation:")
"""The owner keys of what is one person's."""
OWNER = re.compile(r"(?:affiliation|person|account):[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|company:[0-9]{9}")
SYMBOLS = (
    (re.compile(r"AFF1:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"), "affiliation:"),
    (re.compile(r"PRE1:([0-9]{9})[0-9]{5}"), "company:"),
)
"""What the symbols of the paper forms name, and whose the scan is then."""
KEY = re.compile(r"[0-9]{4}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

SCAN_AGAIN = timedelta(seconds=30)
"""How long a file waits when the antivirus gave no verdict."""

SERVICES = ("identity", "members", "employers", "affiliation", "documents", "messaging")
"""Whose parts make a copy of somebody's data."""
ARCHIVE = "application/zip"
"""A type that the platform makes itself, and that nobody may send."""
COPY_KIND, COPY_NAME = "account_copy", _("copie-de-mes-donnees.zip")
COPY_KEPT = timedelta(days=7)
KINDS = {COPY_KIND: _("Copie de mes données")}
"""Kinds of files that the platform makes: no brand asks for them."""
GONE = _("Ce fichier n'est plus disponible : il a été effacé, comme annoncé.")

LOOSE_FOR = timedelta(hours=1)
"""How long an object that no document holds is left alone: its upload may still be under way."""


@dataclass(frozen=True)
class Upload:
    """A file as somebody sends it. ``owner`` is absent when it is for the sender; ``name`` is whatever the browser says."""

    kind: str
    name: str
    content: bytes
    owner: str | None = None


def type_by_signature(content: bytes) -> MediaType | None:
    """The type that the very first bytes say, whatever the name; ``None`` when it is none of ours."""
    return next((media_type for signature, media_type in SIGNATURES if content.startswith(signature)), None)


def owner_named_by(symbol: str) -> str | None:
    """Whose a scan is, by the symbol on it: a journey's (``AFF1:<id>``) or a company's (``PRE1:<siret>``)."""
    found = ((pattern.fullmatch(symbol), prefix) for pattern, prefix in SYMBOLS)
    return next((f"{prefix}{match[1]}" for match, prefix in found if match), None)


def library(brand_key: str) -> str:
    """The owner of what a brand publishes for everybody."""
    return f"library:{brand_key}"


def new_key(today: date) -> str:
    """A key that nobody can guess and that says nothing: ``yyyy/uuid``."""
    return f"{today:%Y}/{uuid.uuid4()}"


def checked_key(key: str) -> str:
    """The key, when it is one of ours: only such a key becomes a path or an address. Raises ``ValueError``."""
    if not KEY.fullmatch(key):
        raise ValueError("this is no key of the store")
    return key


def clean_name(typed: str, media_type: MediaType) -> str:
    """A file name that is safe on any disk: no path, nothing invisible, the suffix of its true type, at most 120 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", typed))[-1]
    visible = "".join(character for character in last if unicodedata.category(character) not in INVISIBLE)
    name = " ".join(FORBIDDEN_IN_NAMES.sub("_", visible).split()).rstrip(". ")
    suffixes = SUFFIXES[media_type]
    suffix = next((known for known in suffixes if name.lower().endswith(known)), None)
    stem = (name[: -len(suffix)] if suffix else name).strip(". ") or NAMELESS
    return stem[: NAME_MAX - 5].rstrip(". ") + (suffix or suffixes[0])


def disposition(name: str) -> str:
    """The ``Content-Disposition`` of a download (RFC 6266): the name in ASCII for old clients, then in full (RFC 8187)."""
    bare = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9 ._()'-]", "_", bare)
    return f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}"
