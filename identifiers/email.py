"""E-mail addresses, in the one form that is compared, stored and written to."""

from __future__ import annotations

import re
import unicodedata

MAX = 254  # characters: RFC 5321's path without its angle brackets
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
SHAPE = re.compile(rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@(?:{LABEL}\.)+(?=[a-z]|xn--){LABEL}")

WRONG = "Cette adresse e-mail n'est pas valable : elle ressemble à prenom.nom@exemple.fr."
TOO_LONG = f"Cette adresse e-mail est trop longue : {MAX} caractères au plus."


def parse(text: str) -> str:
    """The address folded (NFKC, case). Raises `ValueError` with a French sentence; a line break inside is refused, never dropped."""
    address = unicodedata.normalize("NFKC", text.strip(" \t\n\r\u00a0")).casefold()
    if len(address) > MAX:
        raise ValueError(TOO_LONG)
    if not SHAPE.fullmatch(address):
        raise ValueError(WRONG)
    return address


def masked(address: str) -> str:
    """`c•••@exemple.fr`: enough for the person to know which box to open."""
    name, _, domain = address.partition("@")
    return f"{name[0]}•••@{domain}"
