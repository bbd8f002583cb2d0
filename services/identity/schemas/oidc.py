"""Coming in through another house, over HTTP."""

from marshmallow import fields

from chassis.http import Answer, Request
from services.identity.schemas import parts

LONGEST_CODE = 4_000
"""Some providers put a whole encrypted session into their code."""


class OidcCallbackForm(Request):
    """What the browser brought back (``state``, ``code``, ``iss`` when given: RFC 9207) and what it had kept (``ticket``, ``device``)."""

    state = parts.opaque(required=True)
    code = parts.opaque(LONGEST_CODE, required=True)
    ticket = parts.opaque(required=True)
    iss = parts.opaque(load_default=None, allow_none=True)
    device = parts.opaque(load_default=None, allow_none=True)


class OidcLinkForm(Request):
    """The first time: the ticket of the attempt, and the password of the account."""

    ticket = parts.opaque(required=True)
    password = parts.password()
    device = parts.opaque(load_default=None, allow_none=True)


class OidcOfferAnswer(Answer):
    """``label`` is what stands on the button; absent where the password alone opens the space."""

    label = fields.String(required=True, allow_none=True)


class OidcBegunAnswer(Answer):
    """``url`` is where the browser goes; ``ticket`` what it keeps, and shows when it is back, before ``expires_at``."""

    url = fields.String(required=True)
    ticket = fields.String(required=True)
    expires_at = fields.AwareDateTime(required=True)


class OidcFirstTimeAnswer(Answer):
    """``next`` is ``password``: nobody is tied to this person of the provider yet. Said whether an account exists or not."""

    next = fields.String(required=True)
    message = fields.String(required=True)


class OidcLinkLine(Answer):
    id = fields.UUID(required=True)
    label = fields.String(required=True)
    linked_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True)


class OidcLinksAnswer(Answer):
    items = fields.List(fields.Nested(OidcLinkLine), required=True)
    next = fields.String(required=True, allow_none=True)
