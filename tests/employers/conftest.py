"""Employers under test: the bench, and the people who knock."""

from collections.abc import Callable, Iterator

import pytest

from chassis.actor import Actor
from chassis.testing import Bench
from services.employers.app import SERVICE
from tests.employers.people import OTHER, OTHER_SIREN, OTHER_SIRET, SIREN, administrator, employer, entitled, follow, invite, register


@pytest.fixture(scope="session")
def bench(make_bench: Callable[..., Bench]) -> Bench:
    return make_bench(SERVICE)


@pytest.fixture(autouse=True)
def empty(bench: Bench) -> Iterator[None]:
    yield
    bench.empty()


@pytest.fixture
def lucie(bench: Bench) -> Actor:
    """She administers two companies."""
    register(bench)
    register(bench, OTHER, OTHER_SIRET)
    first = administrator(bench)
    administrator(bench, OTHER_SIRET, first.account_id)
    assert first.account_id
    return entitled((SIREN, "administrator"), (OTHER_SIREN, "administrator"), account_id=first.account_id)


@pytest.fixture
def paul(bench: Bench, lucie: Actor) -> Actor:
    """He was invited as a user of one of them, and followed his link."""
    account_id = follow(bench, invite(bench, lucie, (SIREN, "user")).json["invitation_id"])
    return employer(role="user", account_id=account_id)
