"""Identity whose brand HCR offers a provider to members and employers; the provider is honest when each story begins."""

from collections.abc import Callable, Iterator

import pytest

from chassis.testing import Bench
from tests.identity.oidc import provider as providers
from tests.identity.oidc.provider import Provider, Traveller
from tests.identity.people import person


@pytest.fixture(scope="package")
def provider() -> Iterator[Provider]:
    with providers.running() as found:
        yield found


@pytest.fixture(scope="package")
def bench(make_bench: Callable[..., Bench], provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return providers.offered(make_bench, tmp_path_factory.mktemp("brands"), provider)


@pytest.fixture(autouse=True)
def _honest(bench: Bench, provider: Provider) -> None:
    provider.honest()
    providers.start_again(bench)


@pytest.fixture
def dominique(bench: Bench, provider: Provider) -> Traveller:
    """Dominique has a space, its password, and an account at the provider's under the same address."""
    bench.tell(person())
    visitor = Traveller(bench, provider=provider)
    visitor.activate()
    return visitor


@pytest.fixture
def visitor(bench: Bench, provider: Provider) -> Traveller:
    """Nobody in particular: a token is believed or not before anybody is looked for."""
    return Traveller(bench, provider=provider)
