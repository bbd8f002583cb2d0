"""``affilia health``: whether a part is well, as an orchestrator asks: no shell, no curl, exit code 0 or 1.

A web is asked over HTTP. A worker or a relay has no door: it touches a file at each beat, for as long as each of its loops comes round.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from pathlib import Path

import click

PATIENCE_S = 5.0
OLDEST_S = 60.0
"""Age of a heartbeat that still counts: five beats missed, on a machine that has much to do."""


@click.command()
@click.argument("what", metavar="ADRESSE|FICHIER")
def health(what: str) -> None:
    """Dit si ADRESSE répond (200), ou si FICHIER a été touché depuis moins d'une minute."""
    trouble = silence_of(what) if what.startswith(("http://", "https://")) else age_of(Path(what))
    if trouble:
        raise click.ClickException(trouble)
    click.echo("bien portant")


def silence_of(address: str) -> str:
    """What is wrong with what answers there; empty when it answers 200."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=PATIENCE_S):
            return ""
    except urllib.error.HTTPError as error:
        with error:
            return f"{address} répond {error.code}."
    except (OSError, ValueError) as error:
        return f"{address} ne répond pas ({type(error).__name__})."


def age_of(heartbeat: Path) -> str:
    """What is wrong with a heartbeat; empty when it is young."""
    try:
        age = time.time() - heartbeat.stat().st_mtime
    except OSError:
        return f"{heartbeat} : aucun battement."
    return "" if age < OLDEST_S else f"{heartbeat} : plus de battement depuis {age:.0f} s."
