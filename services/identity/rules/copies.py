"""Copies of one's data: how often one asks, how long the archive stays."""

from datetime import timedelta

from services.identity.rules.pace import DAY, Limit

ASKING = (Limit(3, DAY),)
"""A copy asks six services for everything: three a day are enough for anybody."""
KEPT = timedelta(days=7)
DOCUMENT_KIND = "account_copy"
"""How documents names the archive; its id is the copy's."""
