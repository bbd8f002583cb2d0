"""The compose file, checked without Docker: every part is there, knows its settings, and runs with as few rights as it can."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from affilia.cli import COMMANDS
from affilia.heartbeat import VARIABLE as HEARTBEAT
from affilia.keys import SERVICES
from gateway.config import EdgeSettings
from gateway.embedded import find
from gateway.nginx import Plan
from tests import images

DEPLOY = images.COMPOSE.parent
ROOT = DEPLOY.parent
PRODUCTION = DEPLOY / "compose.production.yaml"
ROLES = ("migrate", "web", "worker", "relay")
DELETED = re.compile(r"(?<!quay\.io/)\bminio/(minio|mc)\b")
"""Repositories that no longer exist on Docker Hub."""
READ_BY_MEN = ("docs", "deploy", "tests", "README.md", "CONTRIBUTING.md", "Makefile")
TEXT = {".md", ".py", ".yaml", ".toml", ".env", "", ".conf"}
HOST_PORT = re.compile(r"127\.0\.0\.1:\$\{AFFILIA_\w+_PORT:-\d+\}:\d+")


def services() -> dict[str, Any]:
    found: dict[str, Any] = images.described()["services"]
    return found


def ours() -> dict[str, Any]:
    """The containers that run our own image."""
    return {name: service for name, service in services().items() if "AFFILIA_IMAGE" in service["image"]}


@pytest.mark.parametrize("file", [images.COMPOSE, PRODUCTION], ids=lambda file: file.name)
def test_the_file_is_what_the_compose_specification_describes(file: Path):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(file)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


# -- everything is there ----------------------------------------------------------------------------------------------------------------


def test_every_role_of_every_service_has_its_container():
    for service in SERVICES:
        for role in ROLES:
            assert services()[f"{service}-{role}"]["command"][:3] == ["run", role, service]
    assert {"edge", "nginx", "postgres", "rabbitmq", "minio", "secrets", "databases", "bucket"} <= services().keys()


def test_what_a_container_waits_for_exists_and_ends_or_answers():
    for name, service in services().items():
        for other, wish in service.get("depends_on", {}).items():
            awaited = services()[other]
            healthy = wish["condition"] == "service_healthy"
            assert healthy == ("healthcheck" in awaited), f"{name} waits for {other}"
            assert healthy or awaited["restart"] == "no", f"{name} waits for the end of {other}"


def test_what_runs_for_long_is_watched_and_ends_in_good_time():
    for name, service in services().items():
        assert service["restart"] in ("no", "unless-stopped")
        assert service["stop_grace_period"]
        assert ("healthcheck" in service) == (service["restart"] != "no"), name
    assert all(service["stop_grace_period"] == "15s" for service in ours().values())


def test_our_image_is_only_asked_for_commands_that_exist():
    for name, service in ours().items():
        assert service["command"][0] in COMMANDS, name
        if watch := service.get("healthcheck"):
            assert watch["test"][:3] == ["CMD", "affilia", "health"]
            assert watch["test"][3] in ("http://127.0.0.1:8000/_/ready", "http://127.0.0.1:8000/healthz", service_heartbeat(service))


def service_heartbeat(service: Mapping[str, Any]) -> str | None:
    found: str | None = service["environment"].get(HEARTBEAT)
    return found


def test_every_volume_and_network_is_declared_and_used():
    described = images.described()
    used = {volume for service in services().values() for volume in named_volumes(service)}
    assert used == described["volumes"].keys()
    assert {network for service in services().values() for network in service["networks"]} == described["networks"].keys()


def named_volumes(service: Mapping[str, Any]) -> Iterator[str]:
    for volume in service.get("volumes", ()):
        source = volume["source"] if isinstance(volume, dict) else volume.split(":")[0]
        if not source.startswith("."):
            yield source
        else:
            assert (DEPLOY / source).is_file()


# -- settings ---------------------------------------------------------------------------------------------------------------------------


def known() -> dict[str, set[str]]:
    """The settings of each part, by the name that comes after ``AFFILIA_``."""
    parts: dict[str, tuple[type[msgspec.Struct], ...]] = {name: (service.settings,) for name, service in find().items()}
    found: dict[str, set[str]] = {}
    for part, kinds in (parts | {"gateway": (EdgeSettings, Plan)}).items():
        names = {field.name.upper() for kind in kinds for field in msgspec.structs.fields(kind)}
        found[part] = names | {f"{part.upper()}_{name}" for name in names}
    return found


def part_of(name: str) -> str:
    part = name.partition("-")[0]
    return {"edge": "gateway", "nginx": "gateway", "bucket": "documents"}.get(part, part)


@pytest.mark.parametrize("file", [images.COMPOSE, PRODUCTION], ids=lambda file: file.name)
def test_every_variable_of_our_containers_is_a_setting_that_its_part_knows(file: Path):
    described: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
    settings, everywhere = known(), {HEARTBEAT.removeprefix("AFFILIA_")}
    anybody = set().union(*settings.values())
    for name, service in described.items():
        for variable in service.get("environment", {}):
            if not variable.startswith("AFFILIA_"):
                assert name not in ours(), f"{name} does not read {variable}"
                continue
            setting = variable.removeprefix("AFFILIA_").removesuffix("_FILE")
            allowed = anybody if name.endswith("-migrate") else settings[part_of(name)]
            assert setting in allowed | everywhere, f"{name} does not know {variable}"


def test_a_secret_is_a_file_and_never_a_value_of_the_environment():
    for name, service in ours().items():
        for variable, value in service.get("environment", {}).items():
            if re.search(r"SECRET|KEYS|_URL$|TOKEN|PASSWORD", variable) and not variable.endswith("_FILE"):
                assert str(value).startswith(("${", "http")), f"{name} {variable}"


def test_a_part_is_shown_its_own_secrets_alone():
    for name, service in ours().items():
        shown = {volume for volume in named_volumes(service) if volume.endswith("-secrets")}
        own = {f"{part_of(name)}-secrets"}
        if name.endswith("-migrate"):
            own |= {"owner-secrets"}
        if name in ("secrets", "databases"):
            continue
        assert shown <= own, name


# -- rights -----------------------------------------------------------------------------------------------------------------------------


def test_no_container_has_more_rights_than_it_needs():
    for name, service in services().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not {"privileged", "cap_add", "pid", "ipc", "network_mode", "devices", "userns_mode"} & service.keys(), name
        assert not any("docker.sock" in str(volume) for volume in service.get("volumes", ())), name
        assert service["deploy"]["resources"]["limits"]["memory"], name


def test_only_the_door_the_broker_and_the_catcher_publish_a_port_and_on_the_loopback():
    published = {name: service["ports"] for name, service in services().items() if "ports" in service}
    assert published.keys() == {"nginx", "rabbitmq", "mailpit"}
    assert published.pop("nginx") == ["${AFFILIA_BIND:-127.0.0.1}:${AFFILIA_PORT:-8080}:8080"]
    for ports in published.values():
        assert all(HOST_PORT.fullmatch(port) for port in ports)


def test_only_what_has_business_outside_reaches_the_outside():
    outside = {name for name, service in services().items() if "outside" in service["networks"]}
    assert outside == {"nginx", "rabbitmq", "mailpit", *(f"messaging-{role}" for role in ROLES[1:])}
    assert images.described()["networks"]["inside"] == {"internal": True}


# -- production -------------------------------------------------------------------------------------------------------------------------


def test_production_says_so_to_every_part_and_takes_every_secret_from_the_host():
    told = yaml.safe_load(PRODUCTION.read_text(encoding="utf-8"))
    environments = {name: service.get("environment", {}) for name, service in told["services"].items()}
    modes = {name: environ["AFFILIA_MODE"] for name, environ in environments.items() if "AFFILIA_MODE" in environ}
    assert set(modes.values()) == {"production"}
    assert modes.keys() == {name for name, service in ours().items() if "AFFILIA_MODE" in service.get("environment", {})}
    assert told["volumes"].keys() == {name for name in images.described()["volumes"] if name.endswith("-secrets")}
    assert "--production" in told["services"]["secrets"]["command"]


# -- images -----------------------------------------------------------------------------------------------------------------------------


def written() -> Iterator[tuple[Path, str]]:
    for name in READ_BY_MEN:
        for path in [ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*")):
            if path.is_file() and path.suffix in TEXT and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT), path.read_text(encoding="utf-8", errors="replace")


@pytest.mark.parametrize("image", [images.POSTGRES, images.RABBITMQ, images.MINIO, images.NGINX, images.MAILPIT])
def test_an_image_is_pinned_and_named_alike_wherever_it_is_named(image: str):
    repository, _colon, tag = image.partition("@")[0].rpartition(":")
    assert re.search(r"\d+\.\d+|RELEASE\.\d{4}", tag), "pinned to a version"
    short = repository.removeprefix("docker.io/").removeprefix("library/")
    named = re.compile(rf"(?<![\w.-]){re.escape(short)}:(?P<tag>[A-Za-z0-9][\w.-]*[\w])")
    for path, text in written():
        for found in named.finditer(text):
            if re.search(r"\d\.\d|RELEASE|latest", found["tag"]):  # not a host and its port
                assert found["tag"] == tag, f"{path} names {found[0]}"


def test_nothing_names_the_repositories_that_docker_hub_has_deleted():
    for path, text in written():
        if path != Path("tests/deploy/test_compose.py"):
            assert not DELETED.search(text), path
