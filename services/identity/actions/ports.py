"""What actions are handed by the edges, from the outside of identity."""

from collections.abc import Callable
from datetime import datetime

ReadTotp = Callable[[str, str, datetime], int | None]
"""From a secret, what was typed and the instant, the 30 s step it is the code of."""
