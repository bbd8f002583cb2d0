"""The producer's command: ``feed dsn`` for NEODeS files, ``feed events`` for facts that a software of one's own writes, ``feed csv`` for
simple facts in a spreadsheet, ``feed noemie`` for the décomptes of Assurance Maladie.

Each has ``check FILE``, ``publish FILE --to URL`` and ``replay FILE --to URL``; ``feed receipts FILE`` tells what became of any of them.
What they print holds no personal data.
Exit codes: 0 everything was sent, 3 something was refused, 4 nobody listens, 5 platform or broker down; 2 a command that makes no sense.
"""

import click

from feeds.cli.dsn import dsn
from feeds.cli.receipts import receipts
from feeds.cli.whole import events, statements, tables
from feeds.usage import FrenchGroup


@click.group(cls=FrenchGroup)
def feed() -> None:
    """Alimente la plateforme : fichiers de paie (DSN), faits d'un logiciel de paie, décomptes (NOEMIE)."""


feed.add_command(dsn)
feed.add_command(events)
feed.add_command(tables)
feed.add_command(statements)
feed.add_command(receipts)
