"""DSN files (norme NEODeS): read as a stream of declarations, told as facts of ``events.dsn``."""

from feeds.dsn.lines import Flaw
from feeds.dsn.reader import Ignored, Outcome, Refused, Taken, read

__all__ = ["Flaw", "Ignored", "Outcome", "Refused", "Taken", "read"]
