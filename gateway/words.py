"""How a caught message reads on a screen: lines that a mail folds at 72 columns run on again, telephone numbers come in pairs."""

import re

COLUMNS = 72
"""Where messaging folds the text of a mail."""

ITEM = re.compile(r"(?:- |\d+\. |https?:|--$)")
UNDERLINE = re.compile(r"=+")
MARGIN = re.compile(r"^(?: {2}\| | {3}(?=\S))")
FRENCH_NUMBER = re.compile(r"\+33(\d)(\d\d)(\d\d)(\d\d)(\d\d)")


def unfolded(text: str) -> str:
    """The text with each paragraph and each list item on one line; lines that end early on purpose stay lines."""
    said: list[str] = []
    last = ""
    for line in text.splitlines():
        bare = MARGIN.sub("", line)
        if UNDERLINE.fullmatch(bare):
            continue
        if _folded(last, bare):
            said[-1] += f" {bare}"
        else:
            said.append(bare)
        last = line
    return "\n".join(said)


def telephone(number: str) -> str:
    """A French number as people say it, ``06 39 98 00 01``; any other as it came."""
    found = FRENCH_NUMBER.fullmatch(number)
    return f"0{' '.join(found.groups())}" if found else number


def _folded(last: str, bare: str) -> bool:
    """Whether a line goes on from ``last``: its first word had no room there."""
    word = bare.split(" ", 1)[0]
    return bool(last and bare) and not ITEM.match(bare) and len(last) + 1 + len(word) > COLUMNS
