"""Every fact of the catalogue has a sample that its publisher could have told and that every subscriber understands."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

import events
from chassis.service import Service
from chassis.testing import Bench
from events.fact import Fact
from gateway.embedded import find

SAMPLES = Path(events.__file__).parent / "samples"


def sample(name: str) -> bytes:
    """The JSON body of a fact, its sealed fields in clear: nobody's data."""
    return (SAMPLES / f"{name}.json").read_bytes()


def read(name: str) -> Fact:
    return events.decode(events.CATALOGUE[name], sample(name), str)


def unknown(told: Any, read_as: Any, place: str) -> Iterator[str]:
    """Fields of a JSON value that the structure it was read as does not have."""
    if isinstance(told, list):
        for number, (one, other) in enumerate(zip(told, read_as, strict=True)):
            yield from unknown(one, other, f"{place}[{number}]")
    elif isinstance(told, dict) and isinstance(read_as, msgspec.Struct):
        known = {field.encode_name: getattr(read_as, field.name) for field in msgspec.structs.fields(read_as)}
        for key, value in told.items():
            if key in known:
                yield from unknown(value, known[key], f"{place}.{key}")
            else:
                yield f"{place}.{key}"


def _subscriptions() -> list[tuple[str, str]]:
    return [(service, name) for service, described in find().items() for name in sorted(described.listens_to)]


@pytest.fixture(scope="module")
def bench_of(make_bench: Callable[..., Bench]) -> Callable[[Service], Bench]:
    made: dict[str, Bench] = {}

    def bench(service: Service) -> Bench:
        return made.get(service.name) or made.setdefault(service.name, make_bench(service))

    return bench


def test_the_catalogue_and_the_samples_name_the_same_facts():
    assert {path.stem for path in SAMPLES.glob("*.json")} == set(events.CATALOGUE)


@pytest.mark.parametrize("name", sorted(events.CATALOGUE))
def test_a_sample_is_a_fact_and_nothing_more(name: str):
    fact = read(name)
    assert fact.subject.partition(":")[2]
    assert list(unknown(json.loads(sample(name)), fact, name)) == []
    assert events.decode(type(fact), events.encode(fact, str), str) == fact


@pytest.mark.parametrize(("service", "name"), _subscriptions())
def test_a_subscriber_understands_the_sample(bench_of: Callable[[Service], Bench], service: str, name: str):
    bench = bench_of(find([service])[service])
    bench.tell(read(name))
    try:
        assert bench.parked() == []
        bench.tell(read(name))
        assert bench.parked() == []
    finally:
        bench.empty()


def test_a_field_that_nobody_knows_would_be_seen():
    told = json.loads(sample("dsn.radiation.v1"))
    told["declaration"]["colour"] = "blue"
    assert list(unknown(told, read("dsn.radiation.v1"), "radiation")) == ["radiation.declaration.colour"]
