"""Cursors of lists ordered by what people are called: sealed, since they travel in URLs, and good for one account and one order."""

import base64

import msgspec

from chassis.labels import _
from chassis.problems import Invalid
from services.members.config import Work
from services.members.models import VAULT

BAD_CURSOR = _("Cette page n'existe plus : revenez à la première.")


class Place(msgspec.Struct, array_like=True):
    """Where a page ended: whose list, its order, and the values of its keys there."""

    account: str
    sort: str
    keys: list[str]


def cursor(work: Work, sort: str, keys: list[str]) -> str:
    """What the next page is asked with."""
    told = msgspec.json.encode(Place(str(work.actor.account_id), sort, keys)).decode()
    return base64.urlsafe_b64encode(VAULT.seal(told)).rstrip(b"=").decode()


def place(work: Work, sort: str, told: str | None) -> list[str] | None:
    """Where a page begins. Raises ``Invalid`` for what is no cursor of this list."""
    if told is None:
        return None
    try:
        sealed = base64.urlsafe_b64decode(told.encode("ascii") + b"==")
        found = msgspec.json.decode(VAULT.open(sealed), type=Place)
    except (ValueError, IndexError) as error:
        raise Invalid.at("after", BAD_CURSOR) from error
    if (found.account, found.sort) != (str(work.actor.account_id), sort):
        raise Invalid.at("after", BAD_CURSOR)
    return found.keys
