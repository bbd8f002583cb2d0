"""Who opened what is somebody's: the same shape for each service that keeps a part of a person's file."""

from typing import Literal

from events.fact import Fact

Opened = Literal["thread", "affiliation", "bulletin", "affiliations", "document"]
Reader = Literal["employer", "caseworker"]


class FileOpened(Fact, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody opened what is another's. ``about`` is the key of whose it is (``person:<id>``, ``affiliation:<id>``), or for a list
    ``siret:<siret>``, ``siret:*``. ``role`` is the reader's, who is not named; ``scopes`` the companies (SIREN) that the reader acts for,
    or that the list held."""

    about: str
    what: Opened
    reader: Reader
    role: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.about
