"""French first, through gettext, so that English can follow."""

import gettext
from pathlib import Path

_translations = gettext.translation("affilia", Path(__file__).parent / "locales", fallback=True)


def _(text: str) -> str:
    """The sentence in the reader's language; the source text is French."""
    return _translations.gettext(text)
