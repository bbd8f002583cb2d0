"""The image: what goes into it, what its recipe promises, and a wheel that lacks nothing."""

from __future__ import annotations

import re
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from affilia.cli import main
from gateway.nginx import Plan
from tests import images
from tests.deploy.conftest import ROOT, context

RECIPE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
FINAL = RECIPE[RECIPE.rindex("FROM ") :]


def instructions(recipe: str, name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", recipe, re.MULTILINE)


def test_the_recipe_starts_from_one_pinned_image_and_downloads_nothing_by_itself():
    assert re.fullmatch(r"docker\.io/library/python:3\.11\.\d+-slim-\w+", pinned())
    assert {source.split(" AS ")[0] for source in instructions(RECIPE, "FROM")} == {"${PYTHON_IMAGE}"}
    assert instructions(RECIPE, "ADD") == []
    assert not re.search(r"curl|wget|apt-get|https?://", RECIPE)


def pinned() -> str:
    (image,) = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", RECIPE, re.MULTILINE)
    return str(image)


def test_libraries_are_the_pinned_ones_and_nothing_can_be_installed_afterwards():
    assert "pip install -c constraints.txt '.[platform]'" in RECIPE
    assert "pip uninstall --yes setuptools pip" in RECIPE, "of the environment that is copied"
    assert "pip uninstall --quiet --yes wheel setuptools pip" in FINAL, "of the image that it is copied to"
    assert "pip install" not in FINAL


def test_it_runs_as_a_user_who_owns_nothing_but_what_the_one_shots_write():
    assert instructions(FINAL, "USER") == ["10001:10001"]
    assert instructions(FINAL, "ENTRYPOINT") == ['["affilia"]']
    assert instructions(FINAL, "HEALTHCHECK") == [], "what is well differs from part to part: compose says it"
    covered = {volume.split(":")[1] for volume in images.described()["services"]["secrets"]["volumes"]}
    parts = re.search(r"for part in ([\w\s\\]+); do", FINAL)
    assert parts
    made = {f"/secrets/{part}" for part in parts[1].replace("\\", " ").split()} | set(re.findall(r"/(?:etc|var)/\S+", FINAL.split("&&")[0]))
    assert covered <= made


def test_the_context_holds_what_the_image_needs_and_no_data():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    assert set(context()) == {"pyproject.toml", "constraints.txt", "README.md", "deploy/brands", *packages()}


def packages() -> set[str]:
    """The packages that pyproject.toml ships."""
    (line,) = re.findall(r"^include = \[(.+)\]$", (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    return set(re.findall(r'"(\w+)\*"', line))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_wheel_holds_every_file_of_every_package(wheel: Path):
    listed = subprocess.run(["git", "ls-files", *sorted(packages())], cwd=ROOT, capture_output=True, text=True, check=True)
    kept = {name for name in listed.stdout.splitlines() if (ROOT / name).exists() and not name.endswith(".md")}
    with zipfile.ZipFile(wheel) as shipped:
        assert sorted(kept - set(shipped.namelist())) == []


def test_the_configuration_of_nginx_is_written_from_what_compose_says(tmp_path: Path):
    (tmp_path / "front_secret").write_text("shared-with-nginx")
    told = images.described()["services"]["nginx-config"]["environment"]
    environ = {name: value.replace("/run/affilia", str(tmp_path)) for name, value in told.items()}
    out = tmp_path / "nginx.conf"
    done = CliRunner().invoke(main, ["nginx", "--out", str(out)], env=environ)
    assert done.exit_code == 0, done.output
    written = out.read_text()
    for name in ("members-web:8000", "edge:8000", "shared-with-nginx", "resolver 127.0.0.11"):
        assert name in written
    folder = next(field.default for field in msgspec.structs.fields(Plan) if field.name == "folder")
    assert f"{folder}:uid=10001,gid=10001,mode=0700" in ",".join(images.described()["services"]["nginx"]["tmpfs"])
