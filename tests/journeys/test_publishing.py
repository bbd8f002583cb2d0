"""The payroll publishes over the broker: by the command that its operator types, and by the kit in its own software."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import msgspec
import pytest

from affilia.story import Cast, Story, activation, affiliation, export, papers, pre_affiliation, prologue
from feeds import kit
from feeds.dsn import Taken, read
from feeds.publishers import BrokerPublisher
from feeds.sealing import PlatformKey
from tests.journeys.houses import House, distributed
from tests.journeys.test_story import SETTLED
from tests.stack.part import COMMAND
from tests.stack.platform import Stack

SENT, REFUSED, UNROUTABLE, DOWN = 0, 3, 4, 5
RADIATION = "dsn.radiation.v1"
EXCHANGE, QUEUE = "affilia.events", "affilia.members"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Office:
    """A payroll office: the file it is about to publish, the platform's public key, the broker it is allowed to reach."""

    folder: Path
    stack: Stack

    @property
    def key(self) -> Path:
        file = self.folder / "key.json"
        file.write_bytes(msgspec.json.encode(self.stack.house.ring.feed_public()))
        return file

    def publish(self, content: bytes) -> subprocess.CompletedProcess[str]:
        """``affilia feed dsn publish FILE --to amqp://…``."""
        file = self.folder / "lot.dsn"
        file.write_bytes(content)
        arguments = ("feed", "dsn", "publish", str(file), "--to", self.stack.broker.url, "--key", str(self.key))
        return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def house(stack: Stack) -> House:
    return distributed(stack, "pauline")


@pytest.fixture
def office(stack: Stack, tmp_path: Path) -> Office:
    return Office(tmp_path, stack)


def opened(house: House, seed: str) -> Story:
    """A company whose three employees have open rights, before any declaration."""
    story = house.story(Cast.invented(seed))
    for chapter in (prologue, activation, pre_affiliation, affiliation, export):
        chapter(story)
    return story


def test_a_lot_published_over_amqp_by_the_command_changes_rights_once(house: House, office: Office):
    """S1:306-314."""
    story = opened(house, "overamqp")
    for _ in range(2):
        done = office.publish(papers.lot(story.cast))
        assert done.returncode == SENT, done.stderr
        house.quiet()
        story.settled(SETTLED)


def test_a_payroll_software_publishes_the_same_facts_with_the_kit(house: House, office: Office):
    story = opened(house, "withthekit")
    taken = [outcome for outcome in read(BytesIO(papers.lot(story.cast))) if isinstance(outcome, Taken)]
    items = [item for one in taken for item in kit.items(one.declaration, one.facts)]
    key = PlatformKey.read(office.key.read_bytes())
    with closing(BrokerPublisher(office.stack.broker.url)) as broker:
        for batch in kit.batches(items):
            broker.publish(kit.sealed(batch, key, datetime.now(UTC)))
    house.quiet()
    story.settled(SETTLED)


def test_what_a_lot_has_wrong_is_told_with_its_line_and_the_rest_is_sent(office: Office):
    lot = papers.lot(Cast.invented("wrong"))
    assert lot.count(b"'043'") > 0
    done = office.publish(lot.replace(b"'043'", b"'inconnu'", 1))
    assert done.returncode == REFUSED, done.stdout
    assert "ligne" in done.stdout


def test_a_fact_that_no_queue_takes_is_given_back_to_its_producer(office: Office):
    with unbound(office.stack):
        done = office.publish(papers.lot(Cast.invented("nobody")))
    assert done.returncode == UNROUTABLE, done.stdout


@contextmanager
def unbound(stack: Stack) -> Iterator[None]:
    """As on a broker where no service has declared yet that it listens."""
    with stack.broker.channel() as channel:
        channel.queue_unbind(QUEUE, EXCHANGE, RADIATION)
    yield
    with stack.broker.channel() as channel:
        channel.queue_bind(QUEUE, EXCHANGE, RADIATION)


def test_a_lot_that_meets_no_broker_is_sent_again_later_and_counts_once(house: House, office: Office):
    if not hasattr(office.stack.broker, "kill"):
        pytest.skip("le courtier de TEST_AMQP_URL n'est pas à nous : il ne s'arrête pas")
    story = opened(house, "brokerdown")
    office.stack.broker.kill()
    try:
        assert office.publish(papers.lot(story.cast)).returncode == DOWN
    finally:
        office.stack.broker.start()
    done = office.publish(papers.lot(story.cast))
    assert done.returncode == SENT, done.stderr
    house.quiet()
    story.settled(SETTLED)
