"""What actions are handed by the edges, from the outside of identity."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from services.identity.rules.oidc import Word

ReadTotp = Callable[[str, str, datetime], int | None]
"""From a secret, what was typed and the instant, the 30 s step it is the code of."""


class Provider(Protocol):
    """Another house whose word opens a space. Nothing of the database is held while it is asked."""

    @property
    def issuer(self) -> str:
        """Which house it is, for good."""

    def authorization_url(self, state: str, ticket: str) -> str:
        """Where to send the browser. Raises ``ProviderDown``."""

    def word(self, code: str, ticket: str, issuer: str | None) -> Word:
        """What it says of whoever came back with ``code``. Raises ``ProviderDown``, ``WordRefused`` or ``EmailUnproved``."""
