"""What stands on the shelf: for each key of the document base, how it is drawn."""

from collections.abc import Callable, Mapping

from affilia.library import employers, members
from affilia.library.booklet import Booklet, Press
from affilia.library.mandate import mandate
from affilia.library.sources import Sources


def _printed(write: Callable[[Sources], Booklet], space: str) -> Callable[[Sources], bytes]:
    """A booklet, with the help line of the space of those who read it."""
    return lambda brand: Press(brand.identity, brand.support(space)).print(write(brand))


SHELF: Mapping[str, Callable[[Sources], bytes]] = {
    "mandat_sepa": mandate,
    "email_affiliation": _printed(employers.model_mail, "entreprise"),
    "guide_entreprise": _printed(employers.guide, "entreprise"),
    "guide_assure_entreprise": _printed(members.guide, "assure"),
    "guide_pratique": _printed(members.practical_guide, "assure"),
    "guide_assure": _printed(members.guide, "assure"),
}
"""The five documents of S1:371-382, and the members' guide in their own space."""


def draw(brand: Sources, key: str) -> bytes:
    """The PDF of one document, in a brand's words. Raises ``KeyError``."""
    return SHELF[key](brand)
