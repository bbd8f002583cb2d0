"""The distributed platform under sudden death, standstill and absence: what was acknowledged has exactly one effect everywhere."""

import random
from collections.abc import Iterator

import pytest
import urllib3

from affilia.story import Story
from affilia.story.world import eventually
from tests.faults.checker import Witness
from tests.faults.driver import DRIVERS, Driver
from tests.faults.effects import Effects
from tests.faults.killer import Victim, campaign, planned
from tests.faults.people import employer
from tests.stack.forms import chosen
from tests.stack.part import GRACE_S, Part
from tests.stack.platform import Stack

FORM = chosen()
PAUSE_S = 0.25
DRAIN_S = 300.0
"""When a platform that does not drain is given up; the promises are held against what was measured."""
MOST = 10_000
"""More commands than anybody waits for."""

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(1800)]


@pytest.fixture(scope="module")
def story(stack: Stack) -> Story:
    return employer(stack.base, stack.caseworker("fanny"))


@pytest.fixture
def witness(stack: Stack, story: Story) -> Witness:
    found = Witness.of(stack.house.databases)
    found.settle(DRAIN_S)
    return found


def mortals(stack: Stack) -> dict[str, Victim]:
    """What may be struck: every part, and the broker unless it is somebody else's."""
    return {**stack.parts, **({"broker": stack.broker} if hasattr(stack.broker, "kill") else {})}


def by_role(stack: Stack) -> dict[str, list[str]]:
    """The same, as the killer draws them: the edge is one of the webs."""
    roles: dict[str, list[str]] = {}
    for name, victim in mortals(stack).items():
        role = victim.role if isinstance(victim, Part) else "broker"
        roles.setdefault("web" if role == "edge" else role, []).append(name)
    return roles


class Account:
    """What a campaign leaves behind: every fact, every effect, held against what was acknowledged since ``before``."""

    def __init__(self, witness: Witness) -> None:
        self.witness, self.before = witness, Effects.seen(witness)

    def close(self, driver: Driver, what: str) -> float:
        """Wait until all is drained, say the figures, prove them; returns in how many seconds it drained."""
        seconds, findings = self.witness.settle(DRAIN_S), self.witness.events()
        print(f"{driver.done} commandes, {what}, vidé en {seconds:.1f} s : {findings} ; réponses {dict(driver.answers)}")
        assert not driver.surprises, driver.surprises[:5]
        assert not findings, (findings.lost[:5], findings.doubled[:5], findings.disordered[:5])
        assert not Effects.seen(self.witness).faults_since(self.before, driver.acknowledged.values())
        return seconds


def test_commands_while_parts_and_broker_die_or_stand_still_have_exactly_one_effect_each(stack: Stack, story: Story, witness: Witness):
    chance, account = random.Random("campaign"), Account(witness)
    driver = Driver(story, FORM.commands, chance)
    faults = planned(chance, FORM.commands, FORM.faults, by_role(stack), FORM.longest_freeze_s)
    campaign(driver, faults, mortals(stack))
    seconds = account.close(driver, f"{len(faults)} pannes ({', '.join(map(str, faults))})")
    assert seconds <= FORM.drained_s


def test_without_its_broker_the_portal_stays_writable_and_says_it_is_degraded(stack: Stack, story: Story, witness: Witness):
    if "broker" not in mortals(stack):
        pytest.skip("le courtier de TEST_AMQP_URL n'est pas à nous : il ne s'arrête pas")
    account = Account(witness)
    driver = Driver(story, int(FORM.away_s / PAUSE_S) * DRIVERS, random.Random("away"), pause=PAUSE_S)
    stack.broker.kill()
    try:
        driver.start()
        eventually(lambda: readiness(stack) == "degraded", "health to say that the broker is away", patience=60)
        driver.finish()
    finally:
        stack.broker.start()
    seconds = account.close(driver, f"courtier absent {FORM.away_s:.0f} s")
    assert dict(driver.answers) == {201: driver.commands}
    assert seconds <= FORM.drained_after_away_s
    eventually(lambda: readiness(stack) == "ready", "health to say that all is well", patience=60)


def readiness(stack: Stack) -> str:
    return str(urllib3.request("GET", f"{stack.base}/readyz", retries=False, timeout=30).json()["status"])


def test_every_role_ends_within_ten_seconds_of_sigterm_while_busy(stack: Stack, story: Story, witness: Witness):
    account, driver = Account(witness), Driver(story, MOST, random.Random("graceful"), pause=PAUSE_S)
    driver.start()
    try:
        ended = {name: round(seconds, 1) for name, seconds in restarts(stack)}
    finally:
        driver.enough()
        driver.finish()
    account.close(driver, f"arrêts demandés {ended}")
    assert max(ended.values()) <= GRACE_S


def restarts(stack: Stack) -> Iterator[tuple[str, float]]:
    """Stop one part of each role as an orchestrator does, and start it again."""
    for role in ("web", "worker", "relay", "edge"):
        part = next(part for part in stack.parts.values() if part.role == role and part.carries("affiliation"))
        seconds = part.stop()
        part.start()
        yield part.name, seconds
