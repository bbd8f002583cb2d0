"""Changing one's e-mail or phone: how long a change may be confirmed, and how long the one who was there before may object."""

from datetime import timedelta

OPEN = timedelta(minutes=30)
"""How long a change waits for its code."""
OBJECTION = timedelta(days=7)
"""How long the older address may say « it was not me »: a week of holidays away from one's mailbox."""
KEPT = timedelta(days=30)
"""How long a change is remembered."""
