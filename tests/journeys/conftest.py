"""Every journey is walked twice: on the embedded platform, and on the distributed one."""

from collections.abc import Iterator

import pytest

from tests.journeys.houses import House, distributed, embedded

BOTH = ("embedded", pytest.param("distributed", marks=pytest.mark.slow))


@pytest.fixture(scope="session", params=BOTH)
def house(request: pytest.FixtureRequest) -> Iterator[House]:
    if request.param == "embedded":
        with embedded(request.getfixturevalue("elsewhere")) as found:
            yield found
    else:
        yield distributed(request.getfixturevalue("stack"), "camille")
