"""What operators read is what the code does: every setting with its default, every command, every part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from affilia.cli import COMMANDS
from chassis.config import Settings
from gateway.config import EdgeSettings
from gateway.embedded import find
from gateway.nginx import Limits, Plan
from services.documents.config import DocumentsSettings
from services.identity.config import IdentitySettings
from services.messaging.config import MessagingSettings
from tests import images
from tests.deploy.conftest import ROOT

PAGE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
EVERYWHERE = {field.name for field in msgspec.structs.fields(Settings)}
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<default>.+?) \| .+ \|$", re.MULTILINE)
SAID = {"": "vide", "None": "aucun", "()": "aucun", "True": "`true`", "False": "`false`"}
STRUCTURES: dict[str, tuple[type[msgspec.Struct], frozenset[str]]] = {
    "Toutes les pièces": (Settings, frozenset()),
    "identity": (IdentitySettings, frozenset(EVERYWHERE)),
    "documents": (DocumentsSettings, frozenset(EVERYWHERE)),
    "messaging": (MessagingSettings, frozenset(EVERYWHERE)),
    "gateway (edge)": (EdgeSettings, frozenset()),
    "gateway (nginx, `affilia nginx --out FICHIER`)": (Plan, frozenset()),
    "gateway (nginx, `limits`)": (Limits, frozenset()),
}


def rows(title: str) -> dict[str, str]:
    """The table under a heading: setting → what is said of its default."""
    _before, _heading, after = PAGE.partition(f"### {title}\n")
    assert after, f"no heading « {title} »"
    return {found["name"]: found["default"] for found in ROW.finditer(re.split(r"^##", after, maxsplit=1, flags=re.MULTILINE)[0])}


def defaults(kind: type[msgspec.Struct], without: frozenset[str]) -> Iterator[tuple[str, str]]:
    for field in msgspec.structs.fields(kind):
        if field.name not in without:
            yield field.name, spoken(field)


def spoken(field: Any) -> str:
    """A default as the page says it."""
    if field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT:
        return "—"
    value = field.default_factory() if field.default is msgspec.NODEFAULT else field.default
    if isinstance(value, msgspec.Struct):
        return "voir ci-dessous"
    words = value if isinstance(value, tuple) and value else (value,)
    return ", ".join(SAID.get(str(word), f"`{word}`") for word in words)


@pytest.mark.parametrize("title", STRUCTURES)
def test_every_setting_stands_in_its_table_with_its_default(title: str):
    assert rows(title) == dict(defaults(*STRUCTURES[title]))


def test_no_other_service_has_settings_of_its_own():
    own = {name for name, service in find().items() if {field.name for field in msgspec.structs.fields(service.settings)} > EVERYWHERE}
    assert own <= STRUCTURES.keys()


def test_commands_parts_and_variables_that_the_page_names_exist():
    for command in re.findall(r"\baffilia (?!:)([a-z]+)\b", PAGE):
        assert command in COMMANDS, command
    services = images.described()["services"]
    for part in re.findall(r"\$COMPOSE (?:run --rm|exec|cp) ([\w-]+)", PAGE):
        assert part in services, part
    known = images.COMPOSE.read_text(encoding="utf-8") + images.COMPOSE.with_name("compose.production.yaml").read_text(encoding="utf-8")
    for variable in set(re.findall(r"AFFILIA_[A-Z_]+[A-Z]", PAGE)):
        assert variable in known, variable


def test_a_link_of_the_page_leads_somewhere():
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
