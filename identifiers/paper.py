"""The code of a paper form: what a keyboard types of a long id, ten characters and one that checks them.

Crockford's alphabet: no letter is taken for a digit. The symbol beside it carries the whole id; the code, its last 48 bits.
"""

from __future__ import annotations

import uuid

from stdnum import luhn

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
MISREAD = str.maketrans("OIL", "011", " -")
WRONG_SHAPE = "Le code du bulletin compte 11 caractères : recopiez-le sous le carré imprimé en haut à droite."
WRONG_KEY = "Ce code de bulletin n'est pas valable : vérifiez chaque caractère."


def code(id_: uuid.UUID) -> str:
    """The code of an id, as it is printed: `K7M2-Q9XA-4C8`."""
    number = id_.int & (1 << 48) - 1
    bare = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    checked = bare + luhn.calc_check_digit(bare, ALPHABET)
    return f"{checked[:4]}-{checked[4:8]}-{checked[8:]}"


def parse(typed: str) -> str:
    """The end of the id that a code stands for: 12 hexadecimal digits. Raises `ValueError` with a French sentence."""
    bare = typed.upper().translate(MISREAD)
    if len(bare) != LENGTH + 1 or any(character not in ALPHABET for character in bare):
        raise ValueError(WRONG_SHAPE)
    if not luhn.is_valid(bare, ALPHABET):
        raise ValueError(WRONG_KEY)
    number = 0
    for character in bare[:LENGTH]:
        number = number << 5 | ALPHABET.index(character)
    return f"{number & (1 << 48) - 1:012x}"
