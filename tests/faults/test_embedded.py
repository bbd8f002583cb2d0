"""Embedded mode under sudden death: what was acknowledged has exactly one effect everywhere, and subjects keep their order."""

import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from affilia.demo import PASSWORD
from affilia.keys import SERVICES
from affilia.local import LocalPostgres
from affilia.story import Credentials
from tests.faults.checker import Witness
from tests.faults.driver import DRIVERS, Driver
from tests.faults.effects import Effects
from tests.faults.house import Mortal, free_port
from tests.faults.killer import Fault, campaign
from tests.faults.people import employer
from tests.stack.forms import chosen

SEED = 20260701
FORM = chosen()
DRAIN_S = 180
CASEWORKER = "camille@affilia.example"


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


@pytest.mark.faults
@pytest.mark.timeout(900)
def test_commands_under_sudden_deaths_have_exactly_one_effect_each(mortal: Mortal):
    mortal.start()
    chance = random.Random(SEED)
    driver = Driver(employer(mortal.base, caseworker(mortal.folder)), FORM.embedded_commands, chance)
    moments = sorted(chance.sample(range(1, FORM.embedded_commands - DRIVERS), FORM.embedded_kills))
    with LocalPostgres(mortal.folder / ".affilia" / "postgres") as server:
        witness = Witness.of({name: server.create(name) for name in SERVICES})
        before = Effects.seen(witness)
        campaign(driver, [Fault(after, "house", "kill", 0) for after in moments], {"house": mortal})
        seconds, findings = witness.settle(DRAIN_S), witness.events()
        print(f"{FORM.embedded_commands} commandes, {FORM.embedded_kills} arrêts brutaux, vidé en {seconds:.1f} s : {findings}")
        assert not driver.surprises
        assert not findings, (findings.lost[:5], findings.doubled[:5], findings.disordered[:5])
        assert not Effects.seen(witness).faults_since(before, driver.acknowledged.values())
