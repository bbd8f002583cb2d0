"""Embedded mode under sudden death: what was acknowledged has exactly one effect everywhere, and subjects keep their order."""

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL

from affilia.demo import PASSWORD
from affilia.local import LocalPostgres
from affilia.story import Cast, Credentials, Story, World, activation, prologue
from gateway.embedded import find
from tests.faults.campaign import Campaign
from tests.faults.checker import SERVICES, Witness
from tests.faults.house import Mortal, free_port

COMMANDS = int(os.environ.get("AFFILIA_FAULT_COMMANDS", "500"))
KILLS = int(os.environ.get("AFFILIA_FAULT_KILLS", "10"))
DRAIN_S = 180
QUIET_S = 1.0
CASEWORKER = "camille@affilia.example"

AFFILIATIONS = "SELECT id::text FROM affiliation"
SENT = "SELECT substr(subject, 13) FROM outbox WHERE name = 'affiliation.sent.v1'"
LINKED = "SELECT substr(subject, 13) FROM outbox WHERE name = 'identity.link_issued.v1'"
NOTICED = "SELECT substr(about, 13) FROM notice WHERE about LIKE 'affiliation:%' AND state = 'handed_over'"
CAUGHT = """
SELECT substr(n.about, 13) FROM caught c LEFT JOIN attempt a ON a.reference = 'caught:' || c.id LEFT JOIN notice n ON n.id = a.notice_id
WHERE n.id IS NULL OR n.about LIKE 'affiliation:%'
"""
EFFECTS = {"affiliation": [AFFILIATIONS, SENT], "identity": [LINKED], "messaging": [NOTICED, CAUGHT]}
"""What one pre-affiliation does in each service, as queries that give the id of its affiliation once an effect."""


@pytest.fixture
def mortal() -> Iterator[Mortal]:
    with tempfile.TemporaryDirectory(prefix="affilia-faults-") as folder:
        house = Mortal(Path(folder), free_port())
        yield house
        house.stop()


def caseworker(folder: Path) -> Credentials:
    command = [sys.executable, "-m", "affilia.cli", "caseworker", CASEWORKER, "Camille", "Conseil", "--role", "administer"]
    done = subprocess.run([*command, "--password", PASSWORD], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return Credentials(CASEWORKER, PASSWORD, done.stdout.split()[-1])


def employer(mortal: Mortal) -> Story:
    """A company whose employer is signed in, ready to pre-affiliate."""
    story = Story(World(mortal.base), Cast.invented("faults"), caseworker(mortal.folder), feed_token="")
    prologue(story)
    activation(story)
    return story


def drained(witness: Witness) -> float:
    """Seconds until every fact was handed over and applied, and none was told while looking."""
    started, told = time.monotonic(), -1
    while told != (told := witness.told()) or not witness.drained():
        assert time.monotonic() - started < DRAIN_S, "the events do not drain"
        time.sleep(QUIET_S)
    return time.monotonic() - started - QUIET_S


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_commands_under_sudden_deaths_have_exactly_one_effect_each(mortal: Mortal):
    mortal.start()
    campaign = Campaign(mortal, employer(mortal), COMMANDS, KILLS)
    campaign.run()
    with LocalPostgres(mortal.folder / ".affilia" / "postgres") as server:
        witness = Witness({name: _libpq(server.url.set(database=f"affilia_{name}")) for name in SERVICES})
        seconds = drained(witness)
        findings = witness.events({name: service.listens_to for name, service in find().items()})
        print(f"{COMMANDS} commandes, {KILLS} arrêts brutaux, vidé en {seconds:.1f} s : {findings}")
        assert not campaign.surprises
        assert not findings, (findings.lost[:5], findings.doubled[:5], findings.disordered[:5])
        for service, queries in EFFECTS.items():
            for query in queries:
                assert Counter(row[0] for row in witness.rows(service, query)) == dict.fromkeys(campaign.acknowledged.values(), 1), query


def _libpq(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)
